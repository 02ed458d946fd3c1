import type { Problem } from '../gen/types';

/** A request that failed, in words for a guest: what happened, and what to do. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problem: Problem | null = null,
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

const DEADLINE_MS = 15_000;

function words(status: number, problem: Problem | null): string {
  if (status === 404)
    return 'This page does not exist, or it has moved. Check the address, or start from the list of restaurants.';
  if (status === 429) return 'Too many requests at once. Wait a moment, then try again.';
  if (status >= 500) return 'The kitchen is not answering right now. Try again in a moment.';
  return problem?.detail ?? problem?.title ?? 'The request was refused. Reload the page and try again.';
}

async function problemOf(response: Response): Promise<Problem | null> {
  if (!response.headers.get('content-type')?.includes('json')) return null;
  return (await response.json().catch(() => null)) as Problem | null;
}

/** Aborts with the caller's signal, or by itself after the deadline. */
function withDeadline(caller?: AbortSignal): { signal: AbortSignal; done: () => void } {
  const own = new AbortController();
  const abort = () => own.abort();
  const timer = setTimeout(abort, DEADLINE_MS);
  caller?.addEventListener('abort', abort, { once: true });
  const done = () => {
    clearTimeout(timer);
    caller?.removeEventListener('abort', abort);
  };
  return { signal: own.signal, done };
}

/** GET of JSON with a deadline, body included. Throws HttpError, or the AbortError of a caller who gave up. */
export async function getJson<T>(path: string, caller?: AbortSignal): Promise<{ data: T; headers: Headers }> {
  const { signal, done } = withDeadline(caller);
  try {
    const response = await fetch(path, { signal, headers: { accept: 'application/json' } });
    if (!response.ok) {
      const problem = await problemOf(response);
      throw new HttpError(response.status, words(response.status, problem), problem);
    }
    return { data: (await response.json()) as T, headers: response.headers };
  } catch (cause) {
    if (cause instanceof HttpError || caller?.aborted) throw cause;
    throw new HttpError(0, 'There is no connection to the restaurant. Check your network, then try again.');
  } finally {
    done();
  }
}
