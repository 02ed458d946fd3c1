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
  const { data, error, refetch } = useMe();
  if (data) return <SignedIn user={data} />;
  if (!error) return null;
  return (
    <Container component="main">
      <Explain
        picture="🔌"
        title="The desk is not reachable"
        action={{ label: 'Try again', run: () => void refetch() }}
      >
        {error.message}
      </Explain>
    </Container>
  );
}

/** The desk of those who run restaurants. Its code is no part of what guests load. */
export default function AdminPage() {
  const signed_in = useSyncExternalStore(onSession, isSignedIn);
  const queries = useQueryClient();
  useEffect(() => {
    document.title = 'The desk';
  }, []);
  // Nothing of one user shows up for the next.
  useEffect(() => {
    if (!signed_in) queries.removeQueries({ queryKey: ['admin'] });
  }, [signed_in, queries]);
  return <Mui>{signed_in ? <Me /> : <LoginPage />}</Mui>;
}
