import { create } from 'zustand';
import { recall, remember } from '../../lib/storage';
import { NO_WISHES, type Wishes } from './filter';

const KEY = 'avoid';

interface WishesState extends Wishes {
  setQuery: (query: string) => void;
  toggle: (list: 'tags' | 'without', value: string) => void;
  reset: () => void;
}

function stored(): string[] {
  const text = recall(KEY);
  return text ? text.split(',').filter(Boolean) : [];
}

/** What the guest looks for. What has to be avoided is remembered on this device: an allergy does not end with a visit. */
export const useWishes = create<WishesState>((set, get) => ({
  ...NO_WISHES,
  without: stored(),
  setQuery: (query) => set({ query }),
  toggle(list, value) {
    const before = get()[list];
    const after = before.includes(value) ? before.filter((each) => each !== value) : [...before, value];
    set({ [list]: after });
    if (list === 'without') remember(KEY, after.join(','));
  },
  reset() {
    set(NO_WISHES);
    remember(KEY, '');
  },
}));
