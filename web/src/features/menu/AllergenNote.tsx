import { Fragment } from 'react';
import type { AllergenInfo } from '../../gen/types';
import { useLocale, useT } from '../../i18n/i18n';
import { allergenIcon, allergenName, allergenWords } from './allergens';

function Line({ label, wires }: { label: string; wires: string[] }) {
  const t = useT();
  if (wires.length === 0) return null;
  return (
    <p>
      <b>{label}</b>{' '}
      {wires.map((wire, at) => (
        // The line may only break between two of them, so the comma stands outside.
        <Fragment key={wire}>
          {at > 0 && ', '}
          <span className="whole">
            <span aria-hidden>{allergenIcon(wire)}&nbsp;</span>
            {allergenName(t, wire)}
          </span>
        </Fragment>
      ))}
    </p>
  );
}

/** The allergens of one dish on its card, in few words. */
export function AllergenNote({ info }: { info: AllergenInfo }) {
  const [t, locale] = [useT(), useLocale()];
  const { contains, may_contain, unknown, reviewed } = allergenWords(info, t, locale);
  return (
    <div data-testid="allergens" className="allergen-note">
      <Line label={t('allergens.contains')} wires={contains} />
      <Line label={t('allergens.may_contain')} wires={may_contain} />
      {unknown && <p className="warn">{unknown}</p>}
      {reviewed && <p className="soft">{reviewed}</p>}
    </div>
  );
}
