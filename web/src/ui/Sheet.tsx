import Box from '@mui/material/Box';
import { keyframes } from '@mui/material/styles';
import { useEffect, useRef, type ReactNode } from 'react';

interface Props {
  label: string;
  onClose: () => void;
  children: ReactNode;
  testId?: string;
  width?: number;
}

const rise = keyframes`from { transform: translateY(40px); opacity: 0 }`;

const LOOK = {
  position: 'fixed',
  m: 0,
  p: 0,
  border: 'none',
  color: 'text.primary',
  bgcolor: 'background.paper',
  overflow: 'auto',
  overscrollBehavior: 'contain',
  maxWidth: '100vw',
  '&::backdrop': { background: 'rgb(30 15 8 / .55)', backdropFilter: 'blur(3px)' },
} as const;

const PLACE = {
  inset: { xs: 'auto 0 0', sm: '0' },
  maxHeight: { xs: '92dvh', sm: 'min(760px, 90dvh)' },
  borderRadius: { xs: '28px 28px 0 0', sm: '28px' },
  margin: { xs: 0, sm: 'auto' },
  '@media (prefers-reduced-motion: no-preference)': {
    animation: `${rise} .28s cubic-bezier(.2, .9, .3, 1)`,
  },
} as const;

/** A dialog over the page: from below on a phone, in the middle elsewhere. The browser's own <dialog> keeps the focus inside. */
export function Sheet({ label, onClose, children, testId, width = 560 }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <Box
      component="dialog"
      ref={dialog}
      aria-label={label}
      data-testid={testId}
      onCancel={(event: React.SyntheticEvent) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event: React.MouseEvent) => event.target === dialog.current && onClose()}
      sx={{ ...LOOK, ...PLACE, width: { xs: '100vw', sm: width } }}
    >
      {children}
    </Box>
  );
}
