import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useEffect, useRef, useState } from 'react';
import { useT } from '../i18n/i18n';

type Update = (reload?: boolean) => Promise<void>;

/** Keeps the app for when there is no network, and offers a new version instead of taking it in the middle of something. */
export function UpdatePrompt() {
  const t = useT();
  const [waiting, setWaiting] = useState(false);
  const update = useRef<Update | null>(null);
  useEffect(() => {
    // A frame on another site has a storage of its own; it needs no copy of the app in it.
    if (window.top !== window || import.meta.env.DEV) return;
    const begin = () =>
      void import('virtual:pwa-register').then(({ registerSW }) => {
        update.current = registerSW({ onNeedRefresh: () => setWaiting(true) });
      });
    const timer = setTimeout(begin, 1500);
    return () => clearTimeout(timer);
  }, []);
  if (!waiting) return null;
  return (
    <Alert
      severity="info"
      data-testid="update-prompt"
      sx={{
        position: 'fixed',
        insetInlineStart: 16,
        bottom: 16,
        zIndex: 40,
        maxWidth: 'min(430px, calc(100vw - 32px))',
      }}
      action={
        <>
          <Button color="inherit" size="small" onClick={() => void update.current?.(true)}>
            {t('pwa.update_now')}
          </Button>
          <Button color="inherit" size="small" onClick={() => setWaiting(false)}>
            {t('pwa.later')}
          </Button>
        </>
      }
    >
      {t('pwa.update')}
    </Alert>
  );
}
