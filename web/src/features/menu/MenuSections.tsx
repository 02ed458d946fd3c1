import { useT } from '../../i18n/i18n';
import { Explain } from '../../ui/Explain';
import type { Filtered } from './filter';
import { ItemCard } from './ItemCard';
import './MenuSections.css';
import { useWishes } from './wishes';

interface Props {
  sections: Filtered['sections'];
  currency: string;
  onOpen: (id: string) => void;
}

function Nothing() {
  const t = useT();
  const reset = useWishes((wishes) => wishes.reset);
  return (
    <Explain
      picture="🔎"
      title={t('filter.nothing_title')}
      action={{ label: t('filter.reset'), run: reset }}
      level="h2"
    >
      {t('filter.nothing')}
    </Explain>
  );
}

/** The dishes that fit, by category; categories without one are left out. */
export function MenuSections({ sections, currency, onOpen }: Props) {
  if (sections.length === 0) return <Nothing />;
  return sections.map(({ category, found }) => (
    <section
      key={category.id}
      id={category.id}
      className="menu-section"
      aria-labelledby={`name-${category.id}`}
    >
      <h2 className="display-2" id={`name-${category.id}`}>
        {category.name}
      </h2>
      {category.description && <p className="soft">{category.description}</p>}
      <ul className="dishes">
        {found.map((each) => (
          <ItemCard key={each.item.id} found={each} currency={currency} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  ));
}
