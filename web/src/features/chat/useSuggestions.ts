import { useQuery } from '@tanstack/react-query';
import { useI18n } from '../../i18n/i18n';
import { loadSuggestions } from './api';

/** Starters made from what can be ordered now and fits the guest; they follow the menu's version. */
export function useSuggestions(slug: string, session: string, menu_version: number) {
  const language = useI18n((state) => state.language);
  return useQuery({
    queryKey: ['suggestions', slug, session, language, menu_version],
    queryFn: ({ signal }) => loadSuggestions(slug, session, language, signal),
    placeholderData: (previous) => previous,
  });
}
