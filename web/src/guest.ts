/**
 * A guest's page, which restaurant.html holds: its header, drawn like RestaurantHeader.tsx with words that the api puts in, can be read before any
 * script is here, and what lies below has the size of what will be there. guestPage.tsx then takes its place. It is on its way from the
 * beginning (scripts/firstChunks.mjs), but runs when there is something to look at.
 */
import './app/look';
import './features/menu/Loading.css';
import './features/menu/MenuSections.css';
import './features/menu/RestaurantHeader.css';
import './ui/Awning.css';
import './ui/first.css';

/** In a tab that nobody looks at nothing is ever painted. */
const UNSEEN_MS = 200;

const painted = new Promise<void>((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, UNSEEN_MS);
});

void painted.then(() => import('./guestPage'));
