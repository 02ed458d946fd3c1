import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Menu } from '../../gen/types';
import { getJson } from '../../lib/http';

export const menuKey = (slug: string) => ['menu', slug] as const;

export const menuQuery = (slug: string) =>
  queryOptions({
    queryKey: menuKey(slug),
    queryFn: async ({ signal }) =>
      (await getJson<Menu>(`/api/v1/restaurants/${encodeURIComponent(slug)}/menu`, signal)).data,
  });

/** The whole live menu with its restaurant. The browser's cache and the ETag make a repeated read cheap. */
export function useMenu(slug: string, refetchInterval?: number) {
  return useQuery({ ...menuQuery(slug), ...(refetchInterval && { refetchInterval }) });
}
