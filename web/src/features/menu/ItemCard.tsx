import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import Card from '@mui/material/Card';
import Typography from '@mui/material/Typography';
import { useT } from '../../i18n/i18n';
import { FoodTile } from '../../ui/FoodTile';
import { allergenName } from './allergens';
import { AllergenNote } from './AllergenNote';
import type { Found } from './filter';
import { Marks } from './Marks';
import { Price } from './Price';
import { SoldOut } from './SoldOut';

interface Props {
  found: Found;
  currency: string;
  onOpen: (id: string) => void;
}

const LIFT = {
  transition: 'transform .18s, box-shadow .18s, border-color .18s',
  '@media (hover: hover) and (prefers-reduced-motion: no-preference)': {
    '&:hover': {
      transform: 'translateY(-4px) rotate(-.3deg)',
      boxShadow: '0 16px 32px -16px rgb(90 45 15 / .5)',
      borderColor: 'primary.main',
    },
    '&:hover .food': { transform: 'scale(1.07) rotate(6deg)' },
  },
} as const;

function Picture({ found: { item, category } }: Pick<Props, 'found'>) {
  return (
    <Box
      sx={{
        position: 'relative',
        flexShrink: 0,
        width: { xs: 112, sm: '100%' },
        minHeight: { xs: 132, sm: 158 },
        height: { sm: 158 },
      }}
    >
      <FoodTile name={item.name} category={category} photo={item.image_url} muted={!item.is_available} />
      <SoldOut item={item} />
    </Box>
  );
}

/** Says on a dish that what the guest avoids was never checked. */
function Unknown({ allergens }: { allergens: string[] }) {
  const t = useT();
  if (allergens.length === 0) return null;
  const names = allergens.map((wire) => allergenName(t, wire)).join(', ');
  return (
    <Typography
      data-testid="unknown-mark"
      color="warning"
      sx={{
        mt: 1,
        px: 1.25,
        py: 0.75,
        borderRadius: '12px',
        border: '1.5px dashed',
        fontSize: '.88rem',
        fontWeight: 700,
      }}
    >
      <span aria-hidden>❓ </span>
      {t('filter.unknown_mark', { allergens: names })} {t('filter.ask_staff')}
    </Typography>
  );
}

export function ItemCard({ found, currency, onOpen }: Props) {
  const t = useT();
  const { item } = found;
  return (
    <Card
      component="li"
      variant="outlined"
      data-testid="menu-item"
      sx={{
        position: 'relative',
        listStyle: 'none',
        display: 'flex',
        flexDirection: { xs: 'row', sm: 'column' },
        contentVisibility: 'auto',
        containIntrinsicSize: 'auto 360px',
        ...LIFT,
      }}
    >
      <Picture found={found} />
      <Box sx={{ p: { xs: 1.75, sm: 2.25 }, flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1.5, alignItems: 'baseline' }}>
          <Typography
            variant="h3"
            dir="auto"
            sx={{ color: item.is_available ? 'text.primary' : 'text.secondary' }}
          >
            {item.name}
          </Typography>
          <Price price={item.price} currency={currency} />
        </Box>
        {item.description && (
          <Typography dir="auto" color="text.secondary" sx={{ mt: 0.5, fontSize: '.96rem' }}>
            {item.description}
          </Typography>
        )}
        <Marks item={item} />
        <Box sx={{ flex: 1 }} />
        <Unknown allergens={found.unknown} />
        <AllergenNote info={item.allergen_info} />
      </Box>
      <ButtonBase
        aria-label={t('item.more', { name: item.name })}
        aria-haspopup="dialog"
        onClick={() => onOpen(item.id)}
        sx={{ position: 'absolute', inset: 0, borderRadius: 'inherit' }}
      />
    </Card>
  );
}
