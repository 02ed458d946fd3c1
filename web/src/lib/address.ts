import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(notify: () => void): () => void {
  listeners.add(notify);
  window.addEventListener('popstate', notify);
  return () => {
    listeners.delete(notify);
    window.removeEventListener('popstate', notify);
  };
}

/** A parameter of the page's address, followed as it changes. */
export const useParameter = (name: string) =>
  useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name));

/**
 * Changes one parameter; null takes it away. `replace`: "back" does not lead to what was before. Used where no router is loaded, and fine
 * where one is.
 */
export function setParameter(name: string, value: string | null, { replace = false } = {}): void {
  const address = new URL(location.href);
  if (value === null) address.searchParams.delete(name);
  else address.searchParams.set(name, value);
  history[replace ? 'replaceState' : 'pushState'](history.state, '', address);
  listeners.forEach((notify) => notify());
}
