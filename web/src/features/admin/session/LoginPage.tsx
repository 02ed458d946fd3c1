import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { HttpError } from '../../../lib/http';
import { LanguageButton } from '../../../i18n/LanguageButton';
import { Awning } from '../../../ui/Awning';
import { FoodPicture } from '../../../ui/food/FoodPicture';
import { useDesk, type DeskWords } from '../words';
import { signIn } from './tokens';

function words(error: Error, t: DeskWords): string {
  const status = error instanceof HttpError ? error.status : 0;
  if (status === 401) return t('login.wrong');
  if (status === 429) return t('login.too_often');
  return error.message;
}

export function LoginPage() {
  const t = useDesk();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({ mutationFn: () => signIn(email.trim(), password) });

  function submit(event: FormEvent) {
    event.preventDefault();
    login.mutate();
  }

  return (
    <>
      <Awning />
      <Box component="main" sx={{ display: 'grid', placeItems: 'center', px: 2, py: { xs: 4, md: 9 } }}>
        <Card variant="outlined" sx={{ width: 'min(430px, 100%)', p: { xs: 3, sm: 4.5 } }}>
          <Box sx={{ width: 96, mx: 'auto', mb: 1 }}>
            <FoodPicture name="cookie" category="" />
          </Box>
          <Typography variant="h2" component="h1" sx={{ textAlign: 'center' }}>
            {t('desk.title')}
          </Typography>
          <Typography color="text.secondary" sx={{ textAlign: 'center', mb: 3 }}>
            {t('login.lead')}
          </Typography>
          <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 2 }}>
            <TextField
              label={t('login.email')}
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
            <TextField
              label={t('login.password')}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            {login.error && (
              <Alert severity="error" data-testid="login-error">
                {words(login.error, t)}
              </Alert>
            )}
            <Button type="submit" size="large" variant="contained" disabled={login.isPending}>
              {t(login.isPending ? 'login.busy' : 'login.submit')}
            </Button>
          </Box>
        </Card>
        <Box sx={{ mt: 2 }}>
          <LanguageButton />
        </Box>
      </Box>
    </>
  );
}
