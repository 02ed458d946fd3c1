import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import { keyframes } from '@mui/material/styles';
import type { Ref } from 'react';
import { useT } from '../../i18n/i18n';
import { Avatar } from './Avatar';
import type { Persona } from './persona';

const arrive = keyframes`from { transform: scale(.6); opacity: 0 }`;

interface Props {
  persona: Persona;
  onOpen: () => void;
  buttonRef: Ref<HTMLButtonElement>;
}

/** The assistant waiting in the corner. */
export function Launcher({ persona, onOpen, buttonRef }: Props) {
  const t = useT();
  return (
    <Box
      sx={{ position: 'fixed', insetInlineEnd: { xs: 16, sm: 28 }, bottom: { xs: 16, sm: 28 }, zIndex: 20 }}
    >
      <ButtonBase
        ref={buttonRef}
        data-testid="ai-chat-button"
        aria-haspopup="dialog"
        onClick={onOpen}
        sx={{
          gap: 1.25,
          p: 0.75,
          paddingInlineEnd: 2.75,
          borderRadius: 99,
          bgcolor: 'primary.main',
          color: 'primary.contrastText',
          fontFamily: 'inherit',
          fontSize: '1.05rem',
          fontWeight: 800,
          boxShadow: '0 14px 30px -10px rgb(60 25 5 / .75)',
          transition: 'transform .2s',
          '@media (prefers-reduced-motion: no-preference)': {
            animation: `${arrive} .45s cubic-bezier(.2, 1.6, .4, 1)`,
            '&:hover': { transform: 'scale(1.04)' },
          },
        }}
      >
        <Avatar persona={persona} size={52} lively />
        {t('chat.open', { name: persona.name })}
      </ButtonBase>
    </Box>
  );
}
