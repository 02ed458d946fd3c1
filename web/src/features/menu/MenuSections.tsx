import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useT } from '../../i18n/i18n';
import { Explain } from '../../ui/Explain';
import type { Filtered } from './filter';
import { ItemCard } from './ItemCard';
import { useWishes } from './wishes';

interface Props {
  result: Filtered;
  currency: string;
  onOpen: (id: string) => void;
}

function Nothing() {
  const t = useT();
  const reset = useWishes((wishes) => wishes.reset);
  return (
    <Explain
      picture="🔎"
      title={t('filter.nothing_title')}
      action={{ label: t('filter.reset'), run: reset }}
      level="h2"
    >
      {t('filter.nothing')}
    </Explain>
  );
}

/** The dishes that fit, by category; categories without one are left out. */
export function MenuSections({ result, currency, onOpen }: Props) {
  if (result.sections.length === 0) return <Nothing />;
  return result.sections.map(({ category, found }) => (
    <Box
      component="section"
      key={category.id}
      id={category.id}
      aria-labelledby={`name-${category.id}`}
      sx={{ pt: 4, scrollMarginTop: 64 }}
    >
      <Typography variant="h2" id={`name-${category.id}`}>
        {category.name}
      </Typography>
      {category.description && <Typography color="text.secondary">{category.description}</Typography>}
      <Box
        component="ul"
        sx={{
          p: 0,
          mt: 2,
          mb: 0,
          display: 'grid',
          gap: { xs: 1.75, sm: 2.5 },
          gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 262px), 1fr))',
        }}
      >
        {found.map((each) => (
          <ItemCard key={each.item.id} found={each} currency={currency} onOpen={onOpen} />
        ))}
      </Box>
    </Box>
  ));
}
