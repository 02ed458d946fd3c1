import { useQuery } from '@tanstack/react-query';
import type { Restaurant, User } from '../../gen/types';
import { authed } from './session/authed';

export const at = {
  restaurant: (slug: string) => `/api/v1/restaurants/${encodeURIComponent(slug)}`,
  chat: (slug: string, rest: string) => `/api/v1/chat/${encodeURIComponent(slug)}/${rest}`,
};

const get =
  <T>(path: string) =>
  async ({ signal }: { signal: AbortSignal }) =>
    (await authed<T>(path, { signal })).data;

/** A GET as whoever is signed in, kept under its own path. */
export const useGet = <T>(path: string, options: { enabled?: boolean; refetchInterval?: number } = {}) =>
  useQuery({ queryKey: ['admin', path], queryFn: get<T>(path), ...options });

export const useMe = () => useGet<User>('/api/v1/auth/me');

export const useRestaurant = (slug: string) => useGet<Restaurant>(at.restaurant(slug));

/** A page of a list, with how many there are in all. */
export function useList<T>(path: string, offset: number, limit: number) {
  const query = `${path}${path.includes('?') ? '&' : '?'}limit=${limit}&offset=${offset}`;
  return useQuery({
    queryKey: ['admin', query],
    queryFn: async ({ signal }) => {
      const { data, headers } = await authed<T[]>(query, { signal });
      return { rows: data, total: Number(headers.get('x-total-count') ?? data.length) };
    },
    placeholderData: (previous) => previous,
  });
}
