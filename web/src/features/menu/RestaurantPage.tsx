import { lazy, Suspense, useEffect } from 'react';
import type { Menu, MenuItem } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { setParameter, useParameter } from '../../lib/address';
import { HttpError } from '../../lib/http';
import { Brand } from '../../ui/Brand';
import { Explain } from '../../ui/Explain';
import { EMBED } from '../../../widget/messages';
import { useVisit } from '../analytics/useMenuEvents';
import { useAssistant } from '../chat/assistantStore';
import { Loading } from './Loading';
import { MenuView } from './MenuView';
import { RestaurantHeader } from './RestaurantHeader';
import { useMenu } from './useMenu';

/** What comes after the menu: neither is on the first picture. */
const Assistant = lazy(() => import('../chat/Assistant'));
const Embedded = lazy(() => import('./Embedded'));
const ItemSheet = lazy(() => import('./ItemSheet'));

function Trouble({ error, retry }: { error: Error; retry: () => void }) {
  const t = useT();
  if (error instanceof HttpError && error.status === 404) {
    return (
      <Explain
        picture="🗺️"
        title={t('menu.no_restaurant_title')}
        action={{ label: t('restaurants.all'), run: () => location.assign('/') }}
      >
        {t('menu.no_restaurant')}
      </Explain>
    );
  }
  return (
    <Explain picture="🔌" title={t('menu.failed')} action={{ label: t('error.again'), run: retry }}>
      {error.message}
    </Explain>
  );
}

/** Which dish is open stands in the address, so that it can be shared and "back" closes it. */
const open = (id: string) => setParameter('item', id);
const close = () => setParameter('item', null, { replace: true });

function ask(item: MenuItem) {
  close();
  useAssistant.getState().askAbout({ id: item.id, name: item.name });
}

function Shop({ menu, slug, offline }: { menu: Menu; slug: string; offline: boolean }) {
  const t = useT();
  const id = useParameter('item');
  const embedded = useParameter(EMBED) !== null;
  useVisit(menu, id, embedded);
  useEffect(() => {
    document.title = t('menu.page_title', { name: menu.restaurant.name });
  }, [menu.restaurant.name, t]);

  return (
    <>
      <Brand theme={menu.restaurant.theme} />
      {!embedded && (
        <div id="page">
          <RestaurantHeader restaurant={menu.restaurant} />
          <MenuView menu={menu} offline={offline} onOpen={open} />
        </div>
      )}
      <Suspense fallback={null}>
        {embedded ? (
          <Embedded slug={slug} menu={menu} onShow={open} />
        ) : (
          <Assistant key={slug} slug={slug} menu={menu} onShow={open} />
        )}
      </Suspense>
      <Suspense fallback={null}>
        {id && <ItemSheet menu={menu} id={id} onClose={close} onAsk={ask} />}
      </Suspense>
    </>
  );
}

export default function RestaurantPage({ slug }: { slug: string }) {
  const { data, error, refetch, isError, fetchStatus } = useMenu(slug);
  if (data) return <Shop menu={data} slug={slug} offline={isError || fetchStatus === 'paused'} />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  return <Loading />;
}
