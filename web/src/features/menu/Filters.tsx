import { useId, type ReactNode } from 'react';
import { useT } from '../../i18n/i18n';
import { Toggle } from '../../ui/Toggle';
import { allergenIcon, allergenName, REGULATED } from './allergens';
import { useWishes } from './wishes';

function Group({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <h2 id={id} className="display-3">
        {title}
      </h2>
      <div className="row">{children}</div>
      {hint && <p className="soft small">{hint}</p>}
    </div>
  );
}

/** What the guest wants and what has to be avoided; takes effect at once. */
export function Filters({ tags, id }: { tags: string[]; id: string }) {
  const t = useT();
  const wishes = useWishes();
  return (
    <div id={id} data-testid="filters" className="filters">
      {tags.length > 0 && (
        <Group title={t('filter.tags')}>
          {tags.map((tag) => (
            <Toggle key={tag} on={wishes.tags.includes(tag)} onClick={() => wishes.toggle('tags', tag)}>
              {tag}
            </Toggle>
          ))}
        </Group>
      )}
      <Group title={t('filter.without')} hint={t('filter.without_hint')}>
        {REGULATED.map((wire) => (
          <Toggle
            key={wire}
            icon={allergenIcon(wire)}
            on={wishes.without.includes(wire)}
            onClick={() => wishes.toggle('without', wire)}
          >
            {allergenName(t, wire)}
          </Toggle>
        ))}
      </Group>
      {wishes.tags.length + wishes.without.length > 0 && (
        <button type="button" className="button plain" onClick={wishes.reset}>
          {t('filter.reset')}
        </button>
      )}
    </div>
  );
}
