import { useSortable } from '@dnd-kit/sortable';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { MenuItem } from '../../../gen/types';
import { FoodTile } from '../../../ui/FoodTile';
import { atLeast, type Role } from '../rights';
import { InlineText } from './InlineText';
import { ItemEditor } from './ItemEditor';
import { parsePrice } from './itemForm';
import type { Edits } from './useEdits';
import { useDesk, type DeskWords } from '../words';

interface Props {
  item: MenuItem;
  category: string;
  role: Role;
  edits: Edits;
}

function allergenState(item: MenuItem, t: DeskWords): [string, string] {
  const { contains, may_contain, reviewed_at } = item.allergen_info;
  const count = contains.length + may_contain.length;
  return reviewed_at
    ? [t('menu.reviewed', { count }), 'success.main']
    : [t('menu.unreviewed', { count }), 'warning.main'];
}

function Handle({ name, ...rest }: { name: string } & Record<string, unknown>) {
  const t = useDesk();
  return (
    <IconButton
      aria-label={t('menu.move', { name })}
      {...rest}
      sx={{ cursor: 'grab', touchAction: 'none', width: 36, height: 44 }}
    >
      <span aria-hidden>⠿</span>
    </IconButton>
  );
}

/** One dish: name and price in place, sold out in one tap, the rest behind "Edit". */
export function ItemRow({ item, category, role, edits }: Props) {
  const t = useDesk();
  const [open, setOpen] = useState(false);
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: item.id,
  });
  const manager = atLeast(role, 'manager');
  const [words, colour] = allergenState(item, t);
  const ignore = () => undefined; // the refusal is shown by the page

  function savePrice(text: string) {
    const price = parsePrice(text);
    if (price !== undefined) edits.saveItem(item, { price }).catch(ignore);
  }

  return (
    <Box
      component="li"
      ref={setNodeRef}
      data-testid="admin-item"
      style={{ transform: transform ? `translateY(${Math.round(transform.y)}px)` : undefined, transition }}
      sx={{
        listStyle: 'none',
        position: 'relative',
        zIndex: isDragging ? 2 : 0,
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        borderRadius: '18px',
        boxShadow: isDragging ? '0 18px 34px -14px rgb(60 30 10 / .6)' : 'none',
        overflow: 'hidden',
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1, p: 0.75 }}>
        {manager && <Handle name={item.name} {...attributes} {...listeners} />}
        <Box sx={{ width: 52, height: 52, borderRadius: '12px', overflow: 'hidden', flexShrink: 0 }}>
          <FoodTile name={item.name} category={category} photo={item.image_url} muted={!item.is_available} />
        </Box>
        <Box sx={{ flex: 1, minWidth: 150 }}>
          <InlineText
            label={t('menu.dish_name', { name: item.name })}
            value={item.name}
            disabled={!manager}
            strong
            onSave={(name) => void edits.saveItem(item, { name }).catch(ignore)}
          />
          <Typography sx={{ px: 1, fontSize: '.83rem', fontWeight: 700 }} color={colour}>
            {words}
          </Typography>
        </Box>
        <InlineText
          label={t('menu.dish_price', { name: item.name })}
          value={item.price === null ? '' : item.price.toFixed(2)}
          disabled={!manager}
          align="end"
          width={88}
          strong
          onSave={savePrice}
        />
        <Button
          data-testid="sold-out-toggle"
          aria-pressed={!item.is_available}
          variant={item.is_available ? 'outlined' : 'contained'}
          color={item.is_available ? 'success' : 'error'}
          disabled={!atLeast(role, 'staff')}
          onClick={() => void edits.saveItem(item, { is_available: !item.is_available }).catch(ignore)}
          sx={{ minWidth: 112 }}
        >
          {t(item.is_available ? 'menu.available' : 'menu.sold_out')}
        </Button>
        {manager && (
          <Button
            aria-expanded={open}
            aria-label={t('menu.edit_dish', { name: item.name })}
            onClick={() => setOpen(!open)}
          >
            {t(open ? 'common.close' : 'common.edit')}
          </Button>
        )}
      </Box>
      {open && (
        <ItemEditor
          item={item}
          onSave={(change) => edits.saveItem(item, change)}
          onDelete={() => edits.removeItem(item.id).catch(ignore)}
          onClose={() => setOpen(false)}
        />
      )}
    </Box>
  );
}
