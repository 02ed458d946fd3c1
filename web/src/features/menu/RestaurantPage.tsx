import Container from '@mui/material/Container';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import { useEffect } from 'react';
import { useParams, useSearchParams } from 'react-router-dom';
import type { Menu, MenuItem } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { HttpError } from '../../lib/http';
import { Brand } from '../../ui/Brand';
import { Explain } from '../../ui/Explain';
import { EMBED } from '../../../widget/messages';
import { useVisit } from '../analytics/useMenuEvents';
import { Assistant } from '../chat/Assistant';
import { useAssistant } from '../chat/assistantStore';
import { Embedded } from './Embedded';
import { ItemSheet } from './ItemSheet';
import { MenuView } from './MenuView';
import { RestaurantHeader } from './RestaurantHeader';
import { useMenu } from './useMenu';

function Loading() {
  const t = useT();
  return (
    <Container maxWidth="lg" sx={{ py: 6 }} aria-busy aria-label={t('menu.loading')} role="status">
      <Skeleton variant="rounded" height={220} />
      <Stack direction={{ xs: 'column', sm: 'row' }} spacing={2.5} sx={{ mt: 4 }}>
        {[1, 2, 3].map((each) => (
          <Skeleton key={each} variant="rounded" height={260} sx={{ flex: 1 }} />
        ))}
      </Stack>
    </Container>
  );
}

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
function useOpenItem() {
  const [params, setParams] = useSearchParams();
  const embedded = params.has(EMBED);
  const rest: Record<string, string> = embedded ? { [EMBED]: '1' } : {};
  const open = (id: string) => setParams({ ...rest, item: id });
  const close = () => setParams(rest, { replace: true });
  return { id: params.get('item'), embedded, open, close };
}

function Shop({ menu, slug, offline }: { menu: Menu; slug: string; offline: boolean }) {
  const t = useT();
  const { id, embedded, open, close } = useOpenItem();
  const askAbout = useAssistant((state) => state.askAbout);
  useVisit(menu, id, embedded);
  useEffect(() => {
    document.title = t('menu.page_title', { name: menu.restaurant.name });
  }, [menu.restaurant.name, t]);

  function onAsk(item: MenuItem) {
    close();
    askAbout({ id: item.id, name: item.name });
  }

  return (
    <>
      <Brand theme={menu.restaurant.theme} />
      {embedded ? (
        <Embedded slug={slug} menu={menu} onShow={open} />
      ) : (
        <>
          <div id="page">
            <RestaurantHeader restaurant={menu.restaurant} />
            <MenuView menu={menu} offline={offline} onOpen={open} />
          </div>
          <Assistant key={slug} slug={slug} menu={menu} onShow={open} />
        </>
      )}
      {id && <ItemSheet menu={menu} id={id} onClose={close} onAsk={onAsk} />}
    </>
  );
}

export default function RestaurantPage() {
  const { slug = '' } = useParams();
  const { data, error, refetch, isError, fetchStatus } = useMenu(slug);
  if (data) return <Shop menu={data} slug={slug} offline={isError || fetchStatus === 'paused'} />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  return <Loading />;
}
