import IconButton from '@mui/material/IconButton';
import { keyframes } from '@mui/material/styles';
import { useT } from '../../i18n/i18n';
import { recognitionClass } from './recognition';
import { useVoiceStore } from './voiceStore';

const pulse = keyframes`0% { box-shadow: 0 0 0 0 var(--mui-palette-secondary-main) } 100% { box-shadow: 0 0 0 14px transparent }`;

/** Speak instead of typing; not there where the browser cannot listen. */
export function MicButton({ onClick }: { onClick: () => void }) {
  const t = useT();
  const listening = useVoiceStore((state) => state.listening);
  if (!recognitionClass()) return null;
  return (
    <IconButton
      data-testid="mic-button"
      aria-label={t(listening ? 'voice.listening' : 'voice.listen')}
      aria-pressed={listening}
      onClick={onClick}
      sx={{
        width: 48,
        height: 48,
        color: listening ? 'secondary.contrastText' : 'primary.main',
        bgcolor: listening ? 'secondary.main' : 'transparent',
        border: '1.5px solid',
        borderColor: listening ? 'secondary.main' : 'divider',
        '&:hover': { bgcolor: listening ? 'secondary.dark' : 'action.hover' },
        '@media (prefers-reduced-motion: no-preference)': {
          animation: listening ? `${pulse} 1.2s infinite` : 'none',
        },
      }}
    >
      <svg aria-hidden width="22" height="22" viewBox="0 0 24 24" fill="currentColor">
        <path d="M12 15a4 4 0 0 0 4-4V6a4 4 0 0 0-8 0v5a4 4 0 0 0 4 4z" />
        <path
          d="M18.5 11a6.5 6.5 0 0 1-13 0M12 17.5V22M8.5 22h7"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
    </IconButton>
  );
}
