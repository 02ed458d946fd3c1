import Container from '@mui/material/Container';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import type { User } from '../../gen/types';
import { Explain } from '../../ui/Explain';
import { Mui } from '../../ui/Mui';
import { Desk } from './Desk';
import { MyRestaurants } from './MyRestaurants';
import { useMe } from './queries';
import { LoginPage } from './session/LoginPage';
import { isSignedIn, onSession } from './session/tokens';
import { DeskLanguage, useDesk } from './words';

function SignedIn({ user }: { user: User }) {
  return (
    <Routes>
      <Route index element={<MyRestaurants user={user} />} />
      <Route path=":slug/*" element={<Desk user={user} />} />
      <Route path="*" element={<Navigate to="/admin" replace />} />
    </Routes>
  );
}

function Me() {
  const t = useDesk();
  const { data, error, refetch } = useMe();
  if (data) return <SignedIn user={data} />;
  if (!error) return null;
  return (
    <Container component="main">
      <Explain
        picture="🔌"
        title={t('desk.unreachable')}
        action={{ label: t('common.again'), run: () => void refetch() }}
      >
        {error.message}
      </Explain>
    </Container>
  );
}

function Door() {
  const t = useDesk();
  const signed_in = useSyncExternalStore(onSession, isSignedIn);
  const queries = useQueryClient();
  useEffect(() => {
    document.title = t('desk.title');
  }, [t]);
  // Nothing of one user shows up for the next.
  useEffect(() => {
    if (!signed_in) queries.removeQueries({ queryKey: ['admin'] });
  }, [signed_in, queries]);
  return signed_in ? <Me /> : <LoginPage />;
}

/** The desk of those who run restaurants. Neither its code nor its words are any part of what guests load. */
export default function AdminPage() {
  return (
    <Mui>
      <DeskLanguage>
        <Door />
      </DeskLanguage>
    </Mui>
  );
}
