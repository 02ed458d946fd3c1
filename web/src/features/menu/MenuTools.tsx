import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import Container from '@mui/material/Container';
import Typography from '@mui/material/Typography';
import { useId, useState } from 'react';
import type { MenuCategory } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { CategoryBar } from './CategoryBar';
import type { Filtered } from './filter';
import { Filters } from './Filters';
import { SearchField } from './SearchField';
import { useWishes } from './wishes';

function FilterButton({ open, controls, onClick }: { open: boolean; controls: string; onClick: () => void }) {
  const t = useT();
  const count = useWishes((wishes) => wishes.tags.length + wishes.without.length);
  return (
    <ButtonBase
      aria-expanded={open}
      aria-controls={controls}
      data-testid="filter-button"
      onClick={onClick}
      sx={{
        flexShrink: 0,
        height: 48,
        px: 2.25,
        gap: 1,
        borderRadius: 99,
        fontFamily: 'inherit',
        fontSize: '1rem',
        fontWeight: 800,
        border: '1.5px solid',
        borderColor: count ? 'primary.main' : 'divider',
        bgcolor: count ? 'primary.main' : 'background.paper',
        color: count ? 'primary.contrastText' : 'text.primary',
      }}
    >
      <svg
        aria-hidden
        width="18"
        height="18"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      >
        <path d="M4 7h16M7 12h10M10 17h4" />
      </svg>
      {t('filter.count', { count })}
    </ButtonBase>
  );
}

/** Tells, aloud too, what the search and the filters came to. */
function Outcome({ result, unverified }: { result: Filtered; unverified: boolean }) {
  const t = useT();
  const parts = [
    t('filter.result', { shown: result.shown }),
    result.unknown ? t('filter.unknown', { unknown: result.unknown }) : null,
    result.avoided ? t('filter.avoided', { avoided: result.avoided }) : null,
  ];
  return (
    <Box role="status" sx={{ pt: 1 }}>
      <Typography data-testid="filter-outcome" color="text.secondary" sx={{ fontWeight: 700 }}>
        {parts.filter(Boolean).join(' · ')}
      </Typography>
      {unverified && (
        <Typography color="warning" sx={{ fontSize: '.9rem' }}>
          {t('filter.unverified')}
        </Typography>
      )}
    </Box>
  );
}

interface Props {
  categories: MenuCategory[];
  tags: string[];
  result: Filtered;
  filtered: boolean;
  unverified: boolean;
}

/** Search, filters and categories; categories stay in sight while the menu scrolls under them. */
export function MenuTools({ categories, tags, result, filtered, unverified }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <Container maxWidth="lg">
        <Box sx={{ display: 'flex', gap: 1 }}>
          <SearchField />
          <FilterButton open={open} controls={id} onClick={() => setOpen(!open)} />
        </Box>
        {open && <Filters id={id} tags={tags} />}
        {filtered && <Outcome result={result} unverified={unverified} />}
      </Container>
      {categories.length > 1 && (
        <Box
          sx={{
            position: 'sticky',
            top: 0,
            zIndex: 6,
            mt: 0.75,
            bgcolor: 'background.default',
            borderBottom: 1,
            borderColor: 'divider',
          }}
        >
          <Container maxWidth="lg">
            <CategoryBar categories={categories} />
          </Container>
        </Box>
      )}
    </>
  );
}
