import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useT } from '../../i18n/i18n';
import type { ChatClient } from './client';
import { refusalWords } from './refusals';

const PATIENCE_MS = 1500;

/** True once the connection has been away for longer than a blink. */
function useAway(client: ChatClient): boolean {
  const lost = useStore(client.store, (view) => view.link !== 'open');
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (!lost) return setAway(false);
    const timer = setTimeout(() => setAway(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return away;
}

/** Banners above the input: no connection, history not read, an error that belongs to no message. */
export function Troubles({ client }: { client: ChatClient }) {
  const t = useT();
  const away = useAway(client);
  const notice = useStore(client.store, (view) => view.chat.notice);
  const history_failed = useStore(client.store, (view) => view.history_failed);
  return (
    <>
      {away && (
        <Alert
          severity="info"
          data-testid="offline"
          sx={{ borderRadius: 0, alignItems: 'center' }}
          action={
            <Button color="inherit" size="small" onClick={client.retryNow}>
              {t('chat.retry_now')}
            </Button>
          }
        >
          {t('chat.offline')}
        </Alert>
      )}
      {!away && history_failed && (
        <Alert severity="info" sx={{ borderRadius: 0 }}>
          {t('chat.history_failed')}
        </Alert>
      )}
      {notice && (
        <Alert severity="error" data-testid="notice" sx={{ borderRadius: 0 }} onClose={client.dismissNotice}>
          {refusalWords(notice, t)}
        </Alert>
      )}
    </>
  );
}
