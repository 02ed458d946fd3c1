import IconButton from '@mui/material/IconButton';
import { useColorScheme } from '@mui/material/styles';
import { useT } from '../i18n/i18n';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const PICTURE = { system: '🌗', light: '☀️', dark: '🌙' } as const;

/** Light, dark, or as the device has it. */
export function SchemeButton() {
  const t = useT();
  const { mode, setMode } = useColorScheme();
  const now = mode ?? 'system';
  return (
    <IconButton
      aria-label={t('scheme.now', { scheme: now, next: NEXT[now] })}
      onClick={() => setMode(NEXT[now])}
      sx={{
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        width: 44,
        height: 44,
        fontSize: '1.1rem',
        color: 'text.primary',
      }}
    >
      <span aria-hidden>{PICTURE[now]}</span>
    </IconButton>
  );
}
