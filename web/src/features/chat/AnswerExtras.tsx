import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { AnswerItem } from '../../gen/types';
import { formatPrice } from '../../lib/money';
import { FoodTile } from '../../ui/FoodTile';
import type { Answer } from './state';

function ItemRow({ item, currency, cuisine }: { item: AnswerItem; currency: string; cuisine: string }) {
  return (
    <Stack
      direction="row"
      sx={{
        gap: 1.25,
        alignItems: 'center',
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        borderRadius: '14px',
        overflow: 'hidden',
      }}
    >
      <Box sx={{ width: 56, minHeight: 52, fontSize: '.6rem', '& > div > div': { fontSize: '1.5rem' } }}>
        <FoodTile name={item.name} category={cuisine} muted={!item.is_available} />
      </Box>
      <Typography sx={{ flex: 1, fontWeight: 700, fontSize: '.93rem' }}>{item.name}</Typography>
      <Typography sx={{ pr: 1.5, fontWeight: 800, fontSize: '.93rem', color: 'primary.main' }}>
        {item.is_available ? formatPrice(item.price, currency) : 'Sold out today'}
      </Typography>
    </Stack>
  );
}

const ENDINGS = {
  complete: null,
  stopped: 'Stopped here, as you asked.',
  fallback: 'The writing service failed, so the rest comes straight from the menu.',
} as const;

/** What comes with a finished answer: warnings, the dishes it speaks of, and how it ended. */
export function AnswerExtras({
  answer,
  currency,
  cuisine,
}: {
  answer: Answer;
  currency: string;
  cuisine: string;
}) {
  const ending = ENDINGS[answer.status];
  if (!ending && answer.warnings.length === 0 && answer.items.length === 0) return null;
  return (
    <Stack sx={{ gap: 0.75, mt: 1.25 }}>
      {answer.warnings.map((warning) => (
        <Typography
          key={warning}
          data-testid="warning"
          color="warning"
          sx={{ fontWeight: 700, fontSize: '.9rem' }}
        >
          <span aria-hidden>⚠️ </span>
          {warning}
        </Typography>
      ))}
      {answer.items.map((item) => (
        <ItemRow key={item.id} item={item} currency={currency} cuisine={cuisine} />
      ))}
      {ending && (
        <Typography color="text.secondary" sx={{ fontSize: '.82rem' }}>
          {ending}
        </Typography>
      )}
    </Stack>
  );
}
