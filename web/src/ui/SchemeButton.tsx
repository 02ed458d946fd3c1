import IconButton from '@mui/material/IconButton';
import { useColorScheme } from '@mui/material/styles';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const LOOK = { system: ['🌗', 'as the device'], light: ['☀️', 'light'], dark: ['🌙', 'dark'] } as const;

/** Light, dark, or as the device has it. */
export function SchemeButton() {
  const { mode, setMode } = useColorScheme();
  const now = mode ?? 'system';
  const [picture, words] = LOOK[now];
  return (
    <IconButton
      aria-label={`Colours: ${words}. Change to ${LOOK[NEXT[now]][1]}`}
      title={`Colours: ${words}`}
      onClick={() => setMode(NEXT[now])}
      sx={{
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        width: 44,
        height: 44,
        fontSize: '1.1rem',
      }}
    >
      <span aria-hidden>{picture}</span>
    </IconButton>
  );
}
