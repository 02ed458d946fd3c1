import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { menuKey } from '../menu/useMenu';
import type { ChatClient } from './client';

/** Fetches the menu again when the socket tells of a newer one than the page shows. */
export function useLiveMenu(client: ChatClient, slug: string, shown_version: number): void {
  const queries = useQueryClient();
  const told = useStore(client.store, (view) => view.chat.menu_version);
  useEffect(() => {
    if (told > shown_version) void queries.invalidateQueries({ queryKey: menuKey(slug) });
  }, [queries, slug, told, shown_version]);
}
