import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Container from '@mui/material/Container';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import type { User } from '../../../gen/types';
import { LanguageButton } from '../../../i18n/LanguageButton';
import { SchemeButton } from '../../../ui/SchemeButton';
import { signOut } from '../session/tokens';
import { useDesk } from '../words';

/** Who is signed in, and the way out. */
export function TopBar({ user, children }: { user: User; children?: ReactNode }) {
  const t = useDesk();
  return (
    <Container
      component="header"
      maxWidth="xl"
      sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1.5, pt: 1.5 }}
    >
      <Typography
        component={Link}
        to="/admin"
        aria-label={t('desk.title')}
        variant="h3"
        sx={{ color: 'text.primary', textDecoration: 'none' }}
      >
        <span aria-hidden>🗝️ </span>
        <Box component="span" sx={{ display: { xs: 'none', sm: 'inline' } }}>
          {t('desk.title')}
        </Box>
      </Typography>
      {children && (
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'baseline',
            columnGap: 1.5,
            order: { xs: 1, sm: 0 },
            width: { xs: '100%', sm: 'auto' },
          }}
        >
          {children}
        </Box>
      )}
      <Box sx={{ flex: 1 }} />
      <Typography color="text.secondary" sx={{ display: { xs: 'none', sm: 'block' } }} data-testid="who">
        {user.name || user.email}
      </Typography>
      <Box sx={{ display: 'flex', gap: 1, '@media print': { display: 'none' } }}>
        <LanguageButton />
        <SchemeButton />
        <Button onClick={() => void signOut()}>{t('desk.sign_out')}</Button>
      </Box>
    </Container>
  );
}
