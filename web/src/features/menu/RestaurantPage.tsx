import Container from '@mui/material/Container';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import { useEffect } from 'react';
import { useParams } from 'react-router-dom';
import type { Menu } from '../../gen/types';
import { HttpError } from '../../lib/http';
import { Explain } from '../../ui/Explain';
import { Assistant } from '../chat/Assistant';
import { MenuSections } from './MenuSections';
import { RestaurantHeader } from './RestaurantHeader';
import { useMenu } from './useMenu';

function Loading() {
  return (
    <Container maxWidth="lg" sx={{ py: 6 }} aria-busy aria-label="The menu is being fetched">
      <Skeleton variant="rounded" height={180} />
      <Stack direction={{ xs: 'column', sm: 'row' }} spacing={2.5} sx={{ mt: 4 }}>
        {[1, 2, 3].map((each) => (
          <Skeleton key={each} variant="rounded" height={240} sx={{ flex: 1 }} />
        ))}
      </Stack>
    </Container>
  );
}

function Trouble({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof HttpError && error.status === 404) {
    return (
      <Explain
        picture="🗺️"
        title="No restaurant at this address"
        action={{ label: 'All restaurants', run: () => location.assign('/') }}
      >
        The link may be old or mistyped. Check it, or pick the restaurant from the list.
      </Explain>
    );
  }
  return (
    <Explain picture="🔌" title="The menu did not arrive" action={{ label: 'Try again', run: retry }}>
      {error.message}
    </Explain>
  );
}

function Shop({ menu, slug }: { menu: Menu; slug: string }) {
  useEffect(() => {
    document.title = `${menu.restaurant.name} – menu`;
  }, [menu.restaurant.name]);
  return (
    <>
      <div id="page">
        <RestaurantHeader restaurant={menu.restaurant} />
        <Container component="main" maxWidth="lg" sx={{ pb: 16 }}>
          <MenuSections menu={menu} />
        </Container>
      </div>
      <Assistant key={slug} slug={slug} restaurant={menu.restaurant} menu_version={menu.menu_version} />
    </>
  );
}

export default function RestaurantPage() {
  const { slug = '' } = useParams();
  const { data, error, refetch } = useMenu(slug);
  if (data) return <Shop menu={data} slug={slug} />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  return <Loading />;
}
