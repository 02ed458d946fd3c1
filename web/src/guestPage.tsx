import { Page } from './app/Page';
import { queries } from './app/queries';
import { start } from './app/start';
import RestaurantPage from './features/menu/RestaurantPage';
import { menuQuery } from './features/menu/useMenu';

/** A menu that takes longer is not waited for: the page says that it is being fetched, or what is wrong. */
const PATIENCE_MS = 4_000;

const slug = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

void start(
  <Page>
    <RestaurantPage slug={slug} />
  </Page>,
  Promise.race([queries.prefetchQuery(menuQuery(slug)), patience]),
);
