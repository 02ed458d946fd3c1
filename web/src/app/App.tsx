import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes, useParams } from 'react-router-dom';
import { useT } from '../i18n/i18n';
import { Explain } from '../ui/Explain';
import { Page } from './Page';

const RestaurantPage = lazy(() => import('../features/menu/RestaurantPage'));
const RestaurantsPage = lazy(() => import('../features/restaurants/RestaurantsPage'));
const AdminPage = lazy(() => import('../features/admin/AdminPage'));

function NotFound() {
  const t = useT();
  return (
    <Explain
      picture="🧭"
      title={t('error.no_page_title')}
      action={{ label: t('restaurants.all'), run: () => location.assign('/') }}
    >
      {t('error.no_page')}
    </Explain>
  );
}

const Restaurant = () => <RestaurantPage slug={useParams().slug ?? ''} />;

/** All pages, from index.html. A guest who comes to a restaurant's address gets restaurant.html instead, which is that page alone. */
export function App() {
  return (
    <Page>
      <BrowserRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
        <Suspense fallback={null}>
          <Routes>
            <Route path="/" element={<RestaurantsPage />} />
            <Route path="/r/:slug" element={<Restaurant />} />
            <Route path="/admin/*" element={<AdminPage />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Suspense>
      </BrowserRouter>
    </Page>
  );
}
