import { useEffect } from 'react';
import type { Menu } from '../../gen/types';
import { useI18n } from '../../i18n/i18n';
import type { Filtered, Wishes } from '../menu/filter';
import { arriveAt, track } from './track';

/** A guest who stopped typing for this long meant it. */
const SETTLED_MS = 1_500;
const QUERY_MIN = 2;

/** Counts which language guests change to, and who puts the menu on the home screen. */
function useSettings() {
  useEffect(() => {
    const installed = () => track('install');
    window.addEventListener('appinstalled', installed);
    const stop = useI18n.subscribe((now, before) => {
      if (now.language !== before.language) track('language', { data: { to: now.language } });
    });
    return () => {
      window.removeEventListener('appinstalled', installed);
      stop();
    };
  }, []);
}

/** Counts a visit, and each dish that is opened. */
export function useVisit({ restaurant, categories }: Menu, open: string | null, embedded: boolean) {
  const { id, slug } = restaurant;
  useSettings();
  useEffect(() => {
    arriveAt({ id, slug });
    if (!embedded) track('menu_view');
  }, [id, slug, embedded]);
  const known = open !== null && categories.some(({ items }) => items.some((item) => item.id === open));
  useEffect(() => {
    if (open && known) track('item_view', { item_id: open });
  }, [open, known]);
}

/**
 * Counts searches with what they found, so that what guests look for in vain can be seen, and filters by how many there are: what somebody must
 * not eat is about their health and stays here.
 */
export function useWishEvents({ query, tags, without }: Wishes, { shown }: Filtered) {
  const words = query.trim();
  const filters = `${tags.length} ${without.length}`;
  useEffect(() => {
    if (words.length < QUERY_MIN) return;
    const timer = setTimeout(() => track('search', { data: { query: words, results: shown } }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [words, shown]);
  useEffect(() => {
    const [tagged = 0, avoided = 0] = filters.split(' ').map(Number);
    if (tagged + avoided === 0) return;
    const timer = setTimeout(() => track('filter', { data: { tags: tagged, without: avoided } }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [filters]);
}
