import { useEffect, useRef, useState } from 'react';
import { useT } from '../i18n/i18n';
import './UpdatePrompt.css';

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
    <div role="alert" data-testid="update-prompt" className="note update-prompt">
      <span>{t('pwa.update')}</span>
      <button type="button" className="button" onClick={() => void update.current?.(true)}>
        {t('pwa.update_now')}
      </button>
      <button type="button" className="button plain" onClick={() => setWaiting(false)}>
        {t('pwa.later')}
      </button>
    </div>
  );
}
