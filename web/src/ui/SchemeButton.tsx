import { useT } from '../i18n/i18n';
import { useScheme } from './scheme';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const PICTURE = { system: '🌗', light: '☀️', dark: '🌙' } as const;

/** Light, dark, or as the device has it. */
export function SchemeButton() {
  const t = useT();
  const { mode, setMode } = useScheme();
  return (
    <button
      type="button"
      className="control round"
      aria-label={t('scheme.now', { scheme: mode, next: NEXT[mode] })}
      onClick={() => setMode(NEXT[mode])}
    >
      <span aria-hidden>{PICTURE[mode]}</span>
    </button>
  );
}
