import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Container from '@mui/material/Container';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import type { User } from '../../../gen/types';
import { SchemeButton } from '../../../ui/SchemeButton';
import { signOut } from '../session/tokens';

/** Who is signed in, and the way out. */
export function TopBar({ user, children }: { user: User; children?: ReactNode }) {
  return (
    <Container
      component="header"
      maxWidth="xl"
      sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1.5, pt: 1.5 }}
    >
      <Typography
        component={Link}
        to="/admin"
        variant="h3"
        sx={{ color: 'text.primary', textDecoration: 'none' }}
      >
        <span aria-hidden>🗝️ </span>The desk
      </Typography>
      {children}
      <Box sx={{ flex: 1 }} />
      <Typography color="text.secondary" sx={{ display: { xs: 'none', sm: 'block' } }} data-testid="who">
        {user.name || user.email}
      </Typography>
      <SchemeButton />
      <Button onClick={() => void signOut()}>Sign out</Button>
    </Container>
  );
}
