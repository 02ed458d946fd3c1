import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router-dom';
import { useT } from '../i18n/i18n';
import { UpdatePrompt } from '../pwa/UpdatePrompt';
import { Explain } from '../ui/Explain';
import { theme } from '../ui/theme';
import { ErrorBoundary } from './ErrorBoundary';
import { queries } from './queries';

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

function Pages() {
  return (
    <ErrorBoundary>
      <Suspense fallback={null}>
        <Routes>
          <Route path="/" element={<RestaurantsPage />} />
          <Route path="/r/:slug" element={<RestaurantPage />} />
          <Route path="/admin/*" element={<AdminPage />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </ErrorBoundary>
  );
}

export function App() {
  return (
    <ThemeProvider theme={theme} defaultMode="system" disableTransitionOnChange>
      <CssBaseline enableColorScheme />
      <QueryClientProvider client={queries}>
        <BrowserRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
          <Pages />
          <UpdatePrompt />
        </BrowserRouter>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
