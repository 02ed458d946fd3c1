import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Menu, MenuItemChange } from '../../gen/types';
import { menuKey } from '../menu/useMenu';
import type { ChatClient } from './client';

/** Lays what a frame says about prices and what can be had over a menu; the whole of it is fetched right after. */
export function patchMenu(menu: Menu, changes: MenuItemChange[]): Menu {
  const byId = new Map(changes.map(({ id, ...change }) => [id, change]));
  return {
    ...menu,
    categories: menu.categories.map((category) => ({
      ...category,
      items: category.items.map((item) => ({ ...item, ...byId.get(item.id) })),
    })),
  };
}

/** Keeps the menu on the page as new as what the socket tells: what changed is shown at once, then the whole is fetched again. */
export function useLiveMenu(client: ChatClient, slug: string, shown_version: number): void {
  const queries = useQueryClient();
  const told = useStore(client.store, (view) => view.chat.menu_version);
  const changes = useStore(client.store, (view) => view.chat.menu_changes);
  useEffect(() => {
    if (changes.length > 0)
      queries.setQueryData<Menu>(menuKey(slug), (menu) => menu && patchMenu(menu, changes));
  }, [queries, slug, changes]);
  useEffect(() => {
    if (told > shown_version) void queries.invalidateQueries({ queryKey: menuKey(slug) });
  }, [queries, slug, told, shown_version]);
}
