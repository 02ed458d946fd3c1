import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

interface Props {
  picture: string;
  title: string;
  children: ReactNode;
  action?: { label: string; run: () => void };
  /** h1 when it is the whole page. */
  level?: 'h1' | 'h2';
}

/** A whole page's trouble or emptiness: what happened, and what to do. */
export function Explain({ picture, title, children, action, level = 'h1' }: Props) {
  return (
    <Stack
      role="status"
      spacing={1.5}
      sx={{ alignItems: 'center', textAlign: 'center', py: 8, px: 3, maxWidth: 520, mx: 'auto' }}
    >
      <Typography aria-hidden sx={{ fontSize: '4rem', lineHeight: 1 }}>
        {picture}
      </Typography>
      <Typography variant="h2" component={level}>
        {title}
      </Typography>
      <Typography color="text.secondary">{children}</Typography>
      {action && (
        <Button variant="contained" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </Stack>
  );
}
