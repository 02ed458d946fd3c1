import { useQuery } from '@tanstack/react-query';
import type { Restaurant } from '../../gen/types';
import { getJson } from '../../lib/http';

export function useRestaurants() {
  return useQuery({
    queryKey: ['restaurants'],
    queryFn: async ({ signal }) =>
      (await getJson<Restaurant[]>('/api/v1/restaurants?limit=200', signal)).data,
  });
}
