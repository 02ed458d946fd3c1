import type { MenuItem } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import './Marks.css';

/** Signature, spice and the kitchen's own marks. */
export function Marks({ item }: { item: MenuItem }) {
  const t = useT();
  const spice = Math.max(0, Math.min(item.spice_level ?? 0, 5));
  if (!item.is_signature && !spice && item.tags.length === 0) return null;
  return (
    <div className="marks">
      {item.is_signature && (
        <span className="mark strong">
          <span aria-hidden>★ </span>
          {t('menu.signature')}
        </span>
      )}
      {spice > 0 && (
        <span className="mark">
          <span aria-hidden>{'🌶️'.repeat(spice)} </span>
          {t('menu.spice', { level: spice })}
        </span>
      )}
      {item.tags.map((tag) => (
        <span key={tag} className="mark">
          {tag}
        </span>
      ))}
    </div>
  );
}
