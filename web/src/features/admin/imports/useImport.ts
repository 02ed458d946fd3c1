import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { ImportAccepted, ImportLine, ImportState, Progress } from '../../../gen/types';
import { menuKey } from '../../menu/useMenu';
import { authed } from '../session/authed';
import { accessToken } from '../session/tokens';
import { socketUrl } from '../../chat/api';
import type { MenuFile } from './file';
import { withHeader, type Choice } from './mapping';

export interface Upload {
  file: MenuFile;
  choices: Choice[];
  mode: 'upsert' | 'replace';
  on_error: 'reject_all' | 'skip_rows';
}

const UNSETTLED: readonly string[] = ['receiving', 'previewing', 'applying'];
const POLL_MS = 1500;

const pathOf = (id: string, rest = '') => `/api/v1/menu/imports/${id}${rest}`;

/** How far an import is, told by the socket as it happens. Where there is no socket, asking now and then has to do. */
function useProgress(slug: string, id: string | null, onNews: () => void): Progress | null {
  const [progress, setProgress] = useState<Progress | null>(null);
  useEffect(() => {
    if (!id) return;
    let socket: WebSocket | undefined;
    let left = false;
    setProgress(null);
    void accessToken().then((token) => {
      if (left) return;
      socket = new WebSocket(socketUrl(slug));
      socket.onopen = () => socket?.send(JSON.stringify({ type: 'watch', token, import_id: id }));
      socket.onmessage = (event) => {
        const frame = JSON.parse(String(event.data)) as Progress;
        if (frame.type !== 'progress' || frame.import_id !== id) return;
        setProgress(frame);
        if (!UNSETTLED.includes(frame.status)) onNews();
      };
    });
    return () => {
      left = true;
      socket?.close();
    };
  }, [slug, id, onNews]);
  return progress;
}

async function send({ file, choices, mode, on_error }: Upload, restaurant_id: string): Promise<string> {
  const query = new URLSearchParams({ restaurant_id, mode, on_error });
  const body = typeof file.content === 'string' ? withHeader(file.content, choices) : file.content;
  const { data } = await authed<ImportAccepted>(`/api/v1/menu/imports?${query}`, {
    method: 'POST',
    body,
    type: file.type,
  });
  return data.id;
}

/** The import at hand, named in the address so that a reload finds it again. */
export function useImport(slug: string, restaurant_id: string) {
  const queries = useQueryClient();
  const [params, setParams] = useSearchParams();
  const id = params.get('import');
  const key = ['admin', 'import', id];
  const state = useQuery({
    queryKey: key,
    enabled: id !== null,
    queryFn: async ({ signal }) => (await authed<ImportState>(pathOf(id ?? ''), { signal })).data,
    refetchInterval: ({ state: { data } }) => (data && !UNSETTLED.includes(data.status) ? false : POLL_MS),
  });
  const [news] = useState(() => () => void queries.invalidateQueries({ queryKey: ['admin', 'import'] }));
  const progress = useProgress(slug, id, news);

  function settled() {
    void queries.invalidateQueries({ queryKey: ['admin', 'import'] });
    void queries.invalidateQueries({ queryKey: menuKey(slug) });
  }

  const upload = useMutation({
    mutationFn: (given: Upload) => send(given, restaurant_id),
    onSuccess: (made) => setParams({ import: made }),
  });
  const apply = useMutation({
    mutationFn: (confirm: string[]) =>
      authed(pathOf(id ?? '', '/apply'), { method: 'POST', body: { confirm } }),
    onSettled: settled,
  });
  const undo = useMutation({
    mutationFn: () => authed(pathOf(id ?? '', '/undo'), { method: 'POST' }),
    onSettled: settled,
  });
  return { id, state, progress, upload, apply, undo, leave: () => setParams({}) };
}

export type Import = ReturnType<typeof useImport>;

export type Outcome = ImportLine['outcome'] | 'all' | 'warning';

/** A page of the preview's rows. */
export function useRows(id: string, status: string, outcome: Outcome, offset: number, limit: number) {
  return useQuery({
    queryKey: ['admin', 'import', id, 'rows', status, outcome, offset],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ outcome, offset: String(offset), limit: String(limit) });
      const { data, headers } = await authed<ImportLine[]>(pathOf(id, `/rows?${query}`), { signal });
      return { rows: data, total: Number(headers.get('x-total-count') ?? data.length) };
    },
    placeholderData: (previous) => previous,
  });
}

export const failedRowsPath = (id: string) => pathOf(id, '/rows?outcome=error');
