import { useQueries } from '@tanstack/react-query';
import type { MenuItem } from '../../gen/types';
import { getJson } from '../../lib/http';

const PAGE = 200;

/** Ids of the dishes that the server knows to be free of an allergen: the only word on that which counts. */
async function loadFree(restaurant: string, allergen: string, signal: AbortSignal): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let offset = 0; ; offset += PAGE) {
    const query = new URLSearchParams({ without: allergen, limit: String(PAGE), offset: String(offset) });
    const { data } = await getJson<MenuItem[]>(`/api/v1/menu/items/${restaurant}?${query}`, signal);
    data.forEach((item) => ids.add(item.id));
    if (data.length < PAGE) return ids;
  }
}

/** By allergen; one that did not arrive (yet) is missing. The answers belong to one version of the menu. */
export function useFree(restaurant: string, version: number, allergens: string[]) {
  return useQueries({
    queries: allergens.map((allergen) => ({
      queryKey: ['free', restaurant, version, allergen],
      queryFn: ({ signal }: { signal: AbortSignal }) => loadFree(restaurant, allergen, signal),
      staleTime: Infinity,
    })),
    combine: (results) => ({
      free: new Map(results.flatMap(({ data }, at) => (data ? [[allergens[at] ?? '', data] as const] : []))),
      failed: results.some((result) => result.isError || result.fetchStatus === 'paused'),
    }),
  });
}
