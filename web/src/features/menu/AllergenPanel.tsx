import type { AllergenInfo } from '../../gen/types';
import { useLocale, useT } from '../../i18n/i18n';
import './AllergenPanel.css';
import { allergenIcon, allergenName, allergenWords } from './allergens';

type Kind = 'contains' | 'may_contain' | 'free_of';

function Row({ kind, wires }: { kind: Kind; wires: string[] }) {
  const t = useT();
  if (wires.length === 0) return null;
  return (
    <div className={`allergens-row ${kind}`}>
      <b>{t(`allergens.${kind}`)}</b>
      {wires.map((wire) => (
        <span key={wire}>
          <span aria-hidden>{allergenIcon(wire)}</span>
          {allergenName(t, wire)}
        </span>
      ))}
    </div>
  );
}

/** All that is known, and not known, about a dish's allergens: in words and pictures, with who looked and when. */
export function AllergenPanel({ info }: { info: AllergenInfo }) {
  const [t, locale] = [useT(), useLocale()];
  const { contains, may_contain, free_of, unknown, reviewed } = allergenWords(info, t, locale);
  const by = reviewed && info.reviewed_by ? ` ${t('allergens.by', { name: info.reviewed_by })}` : '';
  return (
    <div className="allergens" data-testid="allergen-panel">
      <Row kind="contains" wires={contains} />
      <Row kind="may_contain" wires={may_contain} />
      <Row kind="free_of" wires={free_of} />
      {unknown && (
        <p className="warn">
          <span aria-hidden>❓ </span>
          {unknown}
        </p>
      )}
      {reviewed && (
        <p>
          <span aria-hidden>🔎 </span>
          {reviewed}
          {by}
        </p>
      )}
      <p className="soft small">{t('allergens.caution')}</p>
    </div>
  );
}
