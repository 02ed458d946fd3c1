import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import type { Menu, MenuItem } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { Explain } from '../../ui/Explain';
import { FoodTile } from '../../ui/FoodTile';
import { Sheet } from '../../ui/Sheet';
import { AllergenPanel } from './AllergenPanel';
import { Marks } from './Marks';
import { Price } from './Price';
import { SoldOut } from './SoldOut';

interface Props {
  menu: Menu;
  id: string;
  onClose: () => void;
  onAsk: (item: MenuItem) => void;
}

function CloseButton({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <IconButton
      aria-label={t('item.close')}
      onClick={onClose}
      sx={{
        position: 'absolute',
        insetInlineEnd: 14,
        top: 14,
        width: 44,
        height: 44,
        color: '#3a2116',
        bgcolor: '#fffaf2e0',
        '&:hover': { bgcolor: '#fffaf2' },
      }}
    >
      <span aria-hidden>✕</span>
    </IconButton>
  );
}

function Ingredients({ item }: { item: MenuItem }) {
  const t = useT();
  return (
    <Box component="section">
      <Typography variant="h3" component="h3" sx={{ mb: 0.5 }}>
        {t('item.ingredients')}
      </Typography>
      {item.ingredients.length > 0 ? (
        <Typography dir="auto" data-testid="ingredients">
          {item.ingredients.map((each) => each.name).join(' · ')}
        </Typography>
      ) : (
        <Typography color="text.secondary">{t('item.no_ingredients')}</Typography>
      )}
    </Box>
  );
}

function Details({ item, currency, onAsk }: { item: MenuItem; currency: string; onAsk: Props['onAsk'] }) {
  const t = useT();
  return (
    <Box sx={{ p: { xs: 2.5, sm: 3.5 }, display: 'grid', gap: 2.25 }}>
      <Box>
        <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 2, alignItems: 'baseline' }}>
          <Typography variant="h2" dir="auto">
            {item.name}
          </Typography>
          <Price price={item.price} currency={currency} large />
        </Box>
        {item.description && (
          <Typography dir="auto" sx={{ mt: 1, fontSize: '1.08rem' }}>
            {item.description}
          </Typography>
        )}
        <Marks item={item} />
      </Box>
      <Ingredients item={item} />
      <Box component="section">
        <Typography variant="h3" component="h3" sx={{ mb: 1 }}>
          {t('allergens.title')}
        </Typography>
        <AllergenPanel info={item.allergen_info} />
      </Box>
      <Box
        sx={{
          position: 'sticky',
          bottom: 0,
          py: 1.5,
          pb: 'max(14px, env(safe-area-inset-bottom))',
          bgcolor: 'background.paper',
        }}
      >
        <Button
          fullWidth
          size="large"
          variant="contained"
          data-testid="ask-about"
          onClick={() => onAsk(item)}
          sx={{ minHeight: 52, fontSize: '1.05rem' }}
        >
          <span aria-hidden>💬&nbsp;</span>
          {t('item.ask')}
        </Button>
      </Box>
    </Box>
  );
}

/** One dish with all that is known about it. What the kitchen changes meanwhile shows up at once. */
export function ItemSheet({ menu, id, onClose, onAsk }: Props) {
  const t = useT();
  const category = menu.categories.find((each) => each.items.some((item) => item.id === id));
  const item = category?.items.find((each) => each.id === id);
  return (
    <Sheet label={item?.name ?? t('item.gone_title')} onClose={onClose} testId="item-sheet">
      {item && category ? (
        <>
          <Box sx={{ position: 'relative', height: { xs: 210, sm: 250 } }}>
            <FoodTile
              name={item.name}
              category={category.name}
              photo={item.image_url}
              muted={!item.is_available}
            />
            <SoldOut item={item} />
            <CloseButton onClose={onClose} />
          </Box>
          <Details item={item} currency={menu.restaurant.currency} onAsk={onAsk} />
        </>
      ) : (
        <Explain
          picture="🫙"
          title={t('item.gone_title')}
          level="h2"
          action={{ label: t('item.close'), run: onClose }}
        >
          {t('item.gone')}
        </Explain>
      )}
    </Sheet>
  );
}
