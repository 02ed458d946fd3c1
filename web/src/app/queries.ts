import { QueryClient } from '@tanstack/react-query';
import { HttpError } from '../lib/http';

/** What the server refused stays refused; only a missing or struggling server is asked again. */
function worthRetrying(failures: number, error: Error): boolean {
  const status = error instanceof HttpError ? error.status : 0;
  return failures < 3 && (status === 0 || status === 429 || status >= 500);
}

export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: worthRetrying, networkMode: 'offlineFirst' } },
});
