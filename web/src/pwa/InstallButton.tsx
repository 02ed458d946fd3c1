import { useSyncExternalStore } from 'react';
import { useT } from '../i18n/i18n';

/** Chromium's offer to install; other browsers have it in a menu of their own. */
interface InstallOffer extends Event {
  prompt: () => Promise<unknown>;
}

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

function keep(next: InstallOffer | null) {
  offer = next;
  listeners.forEach((notify) => notify());
}

if (typeof window !== 'undefined') {
  // It may come before any component is there.
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    keep(event as InstallOffer);
  });
  window.addEventListener('appinstalled', () => keep(null));
}

function subscribe(notify: () => void) {
  listeners.add(notify);
  return () => void listeners.delete(notify);
}

/** Puts the menu on the home screen; only there when the browser offers it. */
export function InstallButton() {
  const t = useT();
  const now = useSyncExternalStore(subscribe, () => offer);
  if (!now) return null;
  return (
    <button
      type="button"
      className="button plain"
      data-testid="install-button"
      onClick={() => {
        keep(null);
        void now.prompt();
      }}
    >
      <span aria-hidden>📲</span>
      {t('pwa.install')}
    </button>
  );
}
