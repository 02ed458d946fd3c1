import Box from '@mui/material/Box';
import Card from '@mui/material/Card';
import Chip from '@mui/material/Chip';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { MenuItem } from '../../gen/types';
import { formatPrice } from '../../lib/money';
import { FoodTile } from '../../ui/FoodTile';
import { AllergenNote } from './AllergenNote';

interface Props {
  item: MenuItem;
  category: string;
  currency: string;
}

function Marks({ item }: { item: MenuItem }) {
  const spice = Math.max(0, Math.min(item.spice_level ?? 0, 5));
  if (!item.is_signature && !spice && item.tags.length === 0) return null;
  return (
    <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', gap: 0.75, mt: 1.25 }}>
      {item.is_signature && <Chip size="small" color="secondary" label="★ Signature" />}
      {spice > 0 && (
        <Chip size="small" variant="outlined" label={`${'🌶️'.repeat(spice)} Spicy ${spice} of 5`} />
      )}
      {item.tags.map((tag) => (
        <Chip key={tag} size="small" variant="outlined" label={tag} />
      ))}
    </Stack>
  );
}

function Picture({ item, category }: { item: MenuItem; category: string }) {
  return (
    <Box
      sx={{
        position: 'relative',
        flexShrink: 0,
        width: { xs: 108, sm: '100%' },
        minHeight: { xs: 128, sm: 150 },
        height: { sm: 150 },
      }}
    >
      <FoodTile name={item.name} category={category} muted={!item.is_available} />
      {!item.is_available && (
        <Box
          sx={{
            position: 'absolute',
            insetInlineStart: 10,
            top: 12,
            px: 1.25,
            py: 0.25,
            bgcolor: '#3a2116',
            color: '#fff6e9',
            borderRadius: 99,
            fontWeight: 800,
            fontSize: '.8rem',
            transform: 'rotate(-5deg)',
          }}
        >
          Sold out today
        </Box>
      )}
    </Box>
  );
}

export function ItemCard({ item, category, currency }: Props) {
  return (
    <Card
      component="li"
      variant="outlined"
      data-testid="menu-item"
      sx={{
        listStyle: 'none',
        display: 'flex',
        flexDirection: { xs: 'row', sm: 'column' },
        transition: 'transform .18s, box-shadow .18s',
        '@media (hover: hover) and (prefers-reduced-motion: no-preference)': {
          '&:hover': {
            transform: 'translateY(-4px) rotate(-.3deg)',
            boxShadow: '0 14px 30px -14px rgb(120 60 20 / .45)',
          },
        },
      }}
    >
      <Picture item={item} category={category} />
      <Box sx={{ p: { xs: 1.75, sm: 2.25 }, flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <Stack direction="row" sx={{ justifyContent: 'space-between', gap: 1.5, alignItems: 'baseline' }}>
          <Typography variant="h3" sx={{ color: item.is_available ? 'text.primary' : 'text.secondary' }}>
            {item.name}
          </Typography>
          <Typography
            data-testid="menu-price"
            sx={{
              fontWeight: 800,
              color: 'primary.main',
              whiteSpace: item.price === null ? 'normal' : 'nowrap',
              textAlign: 'end',
            }}
          >
            {formatPrice(item.price, currency)}
          </Typography>
        </Stack>
        {item.description && (
          <Typography color="text.secondary" sx={{ mt: 0.5, fontSize: '.96rem' }}>
            {item.description}
          </Typography>
        )}
        <Marks item={item} />
        <Box sx={{ flex: 1 }} />
        <AllergenNote info={item.allergen_info} />
      </Box>
    </Card>
  );
}
