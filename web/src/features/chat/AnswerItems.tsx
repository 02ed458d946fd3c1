import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import Typography from '@mui/material/Typography';
import type { AnswerItem } from '../../gen/types';
import { useLocale, useT } from '../../i18n/i18n';
import { formatPrice } from '../../lib/money';
import { FoodTile } from '../../ui/FoodTile';
import { useShop } from './shop';

function ItemRow({ item }: { item: AnswerItem }) {
  const [t, locale, { restaurant, onShow }] = [useT(), useLocale(), useShop()];
  const price =
    item.price === null ? t('menu.market_price') : formatPrice(item.price, restaurant.currency, locale);
  return (
    <ButtonBase
      onClick={() => onShow(item.id)}
      data-testid="answer-item"
      sx={{
        width: '100%',
        gap: 1.25,
        justifyContent: 'flex-start',
        textAlign: 'start',
        fontFamily: 'inherit',
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        borderRadius: '16px',
        overflow: 'hidden',
      }}
    >
      <Box sx={{ width: 62, height: 58, flexShrink: 0 }}>
        <FoodTile
          name={item.name}
          category={restaurant.cuisine_type ?? ''}
          photo={item.image_url}
          muted={!item.is_available}
        />
      </Box>
      <Typography dir="auto" sx={{ flex: 1, minWidth: 0, fontWeight: 700, fontSize: '.95rem' }}>
        {item.name}
      </Typography>
      <Typography
        sx={{
          flexShrink: 0,
          maxWidth: '50%',
          px: 1.5,
          fontWeight: 800,
          fontSize: '.95rem',
          color: 'primary.main',
          textAlign: 'end',
          overflowWrap: 'normal',
        }}
      >
        {item.is_available ? price : t('menu.sold_out')}
      </Typography>
    </ButtonBase>
  );
}

/** The dishes that an answer speaks of; a tap shows the whole dish. */
export function AnswerItems({ items }: { items: AnswerItem[] }) {
  if (items.length === 0) return null;
  return (
    <Box sx={{ display: 'grid', gap: 0.75 }}>
      {items.map((item) => (
        <ItemRow key={item.id} item={item} />
      ))}
    </Box>
  );
}
