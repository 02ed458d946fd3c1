import ButtonBase from '@mui/material/ButtonBase';
import type { ReactNode } from 'react';

interface Props {
  on: boolean;
  icon?: string | undefined;
  onClick: () => void;
  children: ReactNode;
}

/** A choice that is on or off, big enough for a thumb. */
export function Toggle({ on, icon, onClick, children }: Props) {
  return (
    <ButtonBase
      aria-pressed={on}
      onClick={onClick}
      sx={{
        minHeight: 40,
        px: 1.75,
        gap: 0.75,
        borderRadius: 99,
        fontFamily: 'inherit',
        fontSize: '.95rem',
        fontWeight: 700,
        border: '1.5px solid',
        borderColor: on ? 'primary.main' : 'divider',
        bgcolor: on ? 'primary.main' : 'background.default',
        color: on ? 'primary.contrastText' : 'text.primary',
        transition: 'background-color .15s',
      }}
    >
      {icon && <span aria-hidden>{icon}</span>}
      {children}
    </ButtonBase>
  );
}
