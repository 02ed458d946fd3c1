import '@fontsource-variable/fraunces/wght.css';
import '@fontsource-variable/nunito/wght.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { queries } from './app/queries';
import { menuQuery } from './features/menu/useMenu';
import { startLanguage } from './i18n/i18n';

/** On a guest's page its code and its menu are on their way while the words of the interface still are. */
function hurry() {
  const slug = /^\/r\/([a-z0-9-]+)\/?$/.exec(location.pathname)?.[1];
  if (!slug) return;
  void import('./features/menu/RestaurantPage');
  void queries.prefetchQuery(menuQuery(slug));
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
hurry();
void startLanguage().then(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
