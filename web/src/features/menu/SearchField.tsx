import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import InputBase from '@mui/material/InputBase';
import { useT } from '../../i18n/i18n';
import { useWishes } from './wishes';

export function SearchField() {
  const t = useT();
  const { query, setQuery } = useWishes();
  return (
    <Box
      role="search"
      sx={{
        flex: 1,
        minWidth: 0,
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        paddingInlineStart: 2,
        height: 48,
        borderRadius: 99,
        bgcolor: 'background.paper',
        border: '1.5px solid',
        borderColor: 'divider',
        '&:focus-within': { borderColor: 'primary.main' },
      }}
    >
      <svg
        aria-hidden
        width="20"
        height="20"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
      >
        <circle cx="10.5" cy="10.5" r="6.5" />
        <path d="m15.5 15.5 6 6" strokeLinecap="round" />
      </svg>
      <InputBase
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        placeholder={t('search.placeholder')}
        sx={{ flex: 1 }}
        inputProps={{
          'aria-label': t('search.label'),
          'data-testid': 'menu-search',
          enterKeyHint: 'search',
          maxLength: 100,
          dir: 'auto',
        }}
      />
      {query && (
        <IconButton
          aria-label={t('search.clear')}
          onClick={() => setQuery('')}
          sx={{ width: 44, height: 44 }}
        >
          <span aria-hidden>✕</span>
        </IconButton>
      )}
    </Box>
  );
}
