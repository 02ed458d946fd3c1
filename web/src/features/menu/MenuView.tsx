import { useDeferredValue, useMemo } from 'react';
import type { Menu } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { useOnline } from '../../lib/useOnline';
import { Explain } from '../../ui/Explain';
import { useWishEvents } from '../analytics/useMenuEvents';
import { filterMenu, tagsOf } from './filter';
import { MenuSections } from './MenuSections';
import { MenuTools } from './MenuTools';
import { useFree } from './useFree';
import { useUnfolding } from './useUnfolding';
import { useWishes } from './wishes';

interface Props {
  menu: Menu;
  offline: boolean;
  onOpen: (id: string) => void;
}

/** The menu with its search and filters. */
export function MenuView({ menu, offline, onOpen }: Props) {
  const t = useT();
  const online = useOnline();
  const wishes = useWishes();
  const query = useDeferredValue(wishes.query);
  const { free, failed } = useFree(menu.restaurant.id, menu.menu_version, wishes.without);
  const result = useMemo(
    () => filterMenu(menu, { query, tags: wishes.tags, without: wishes.without }, free),
    [menu, query, wishes.tags, wishes.without, free],
  );
  useWishEvents({ query, tags: wishes.tags, without: wishes.without }, result);
  const filtered = query.trim() !== '' || wishes.tags.length + wishes.without.length > 0;
  const { shown, all, unfold } = useUnfolding(result.sections, filtered);
  const full = menu.categories.some((category) => category.items.length > 0);

  return (
    <main>
      {(offline || !online) && (
        <div className="wrap" style={{ paddingBottom: 16 }}>
          <p role="status" className="note" data-testid="offline-menu">
            {t('menu.offline')}
          </p>
        </div>
      )}
      {full ? (
        <>
          <MenuTools
            categories={result.sections.map((section) => section.category)}
            tags={tagsOf(menu)}
            result={result}
            filtered={filtered}
            unverified={failed}
            complete={all}
            onJump={unfold}
          />
          <div className="wrap" style={{ paddingBottom: 128 }}>
            <MenuSections sections={shown} currency={menu.restaurant.currency} onOpen={onOpen} />
          </div>
        </>
      ) : (
        <Explain picture="🥣" title={t('menu.empty_title')} level="h2">
          {t('menu.empty')}
        </Explain>
      )}
    </main>
  );
}
