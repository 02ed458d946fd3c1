import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CategoryChange, CategoryNew, ItemChange, ItemNew, Menu, MenuItem } from '../../../gen/types';
import { HttpError } from '../../../lib/http';
import { menuKey } from '../../menu/useMenu';
import { authed } from '../session/authed';
import { compare, type Clash } from './conflict';
import { useDesk } from '../words';

/** My change met a dish that somebody else had saved first. */
export interface Conflict {
  now: MenuItem;
  clean: ItemChange;
  clashes: Clash[];
}

const ITEMS = '/api/v1/menu/items';
const CATEGORIES = '/api/v1/menu/categories';

const findItem = (menu: Menu, id: string) =>
  menu.categories.flatMap((category) => category.items).find((item) => item.id === id);

const putItem = (id: string, body: ItemChange, etag?: string) =>
  authed<MenuItem>(`${ITEMS}/${id}`, { method: 'PATCH', body, ...(etag && { if_match: `"${etag}"` }) });

/** Every write of the menu editor. `failed` is the last one's refusal; a lost race shows up as `conflict` instead. */
export function useEdits(slug: string) {
  const t = useDesk();
  const queries = useQueryClient();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: menuKey(slug) });

  async function freshItem(id: string): Promise<MenuItem | undefined> {
    await refresh();
    const menu = queries.getQueryData<Menu>(menuKey(slug));
    return menu && findItem(menu, id);
  }

  /** Saves a change of a dish as it was when the change began. Somebody else's change is never overwritten unseen. */
  async function saveItem(before: MenuItem, change: ItemChange): Promise<void> {
    try {
      await putItem(before.id, change, before.etag);
    } catch (cause) {
      if (!(cause instanceof HttpError) || cause.status !== 412) throw cause;
      const now = await freshItem(before.id);
      if (!now) throw new HttpError(404, t('menu.gone'));
      const { clean, clashes } = compare(before, change, now);
      if (clashes.length === 0) await putItem(now.id, clean, now.etag);
      else setConflict({ now, clean, clashes });
    }
  }

  const write = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSettled: refresh });

  return {
    conflict,
    dropConflict: () => setConflict(null),
    busy: write.isPending,
    failed: write.error,
    saveItem: (before: MenuItem, change: ItemChange) => write.mutateAsync(() => saveItem(before, change)),
    /** After a conflict was decided. */
    settle: (now: MenuItem, change: ItemChange) => {
      setConflict(null);
      return write.mutateAsync(() => saveItem(now, change));
    },
    addItem: (body: ItemNew) => write.mutateAsync(() => authed(ITEMS, { method: 'POST', body })),
    removeItem: (id: string) => write.mutateAsync(() => authed(`${ITEMS}/${id}`, { method: 'DELETE' })),
    reorder: (changes: { id: string; display_order: number }[], kind: 'items' | 'categories') =>
      write.mutateAsync(async () => {
        for (const { id, display_order } of changes)
          await authed(`/api/v1/menu/${kind}/${id}`, { method: 'PATCH', body: { display_order } });
      }),
    addCategory: (body: CategoryNew) => write.mutateAsync(() => authed(CATEGORIES, { method: 'POST', body })),
    saveCategory: (id: string, body: CategoryChange) =>
      write.mutateAsync(() => authed(`${CATEGORIES}/${id}`, { method: 'PATCH', body })),
    removeCategory: (id: string) =>
      write.mutateAsync(() => authed(`${CATEGORIES}/${id}`, { method: 'DELETE' })),
  };
}

export type Edits = ReturnType<typeof useEdits>;
