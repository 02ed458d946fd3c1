import Box from '@mui/material/Box';
import { keyframes } from '@mui/material/styles';
import type { Persona } from './persona';

const bob = keyframes`0%, 86%, 100% { transform: none } 90% { transform: rotate(-9deg) scale(1.06) } 95% { transform: rotate(7deg) }`;

interface Props {
  persona: Pick<Persona, 'emoji' | 'color'>;
  size: number;
  /** Moves a little now and then, unless the guest wants no motion. */
  lively?: boolean;
}

/** The face of the assistant, on a plate in its own colour. */
export function Avatar({ persona, size, lively }: Props) {
  return (
    <Box
      aria-hidden
      sx={{
        width: size,
        height: size,
        flexShrink: 0,
        borderRadius: '50%',
        bgcolor: '#fff6e6',
        border: `${Math.max(2, Math.round(size / 18))}px solid`,
        borderColor: persona.color ?? 'primary.main',
        display: 'grid',
        placeItems: 'center',
        fontSize: size * 0.56,
        lineHeight: 1,
        '@media (prefers-reduced-motion: no-preference)': {
          '& > span': { animation: lively ? `${bob} 6s infinite` : 'none' },
        },
      }}
    >
      <span>{persona.emoji}</span>
    </Box>
  );
}
