import { useQuery } from '@tanstack/react-query';
import { loadSuggestions } from './api';

/** Starters made from what can be ordered now; they follow the menu's version. */
export function useSuggestions(slug: string, menu_version: number) {
  return useQuery({
    queryKey: ['suggestions', slug, menu_version],
    queryFn: ({ signal }) => loadSuggestions(slug, signal),
    placeholderData: (previous) => previous,
  });
}
