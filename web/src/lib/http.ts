import type { Problem } from '../gen/types';
import { translate } from '../i18n/i18n';

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
  if (status === 404) return translate('error.not_found');
  if (status === 429) return translate('error.too_many');
  if (status >= 500) return translate('error.server');
  return problem?.detail ?? problem?.title ?? translate('error.refused');
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

export interface Answer<T> {
  data: T;
  headers: Headers;
}

/** Any request, its answer read as JSON (undefined when there is none), with a deadline. Throws HttpError, or the AbortError of a caller who gave up. */
export async function requestJson<T>(
  path: string,
  init: RequestInit = {},
  caller?: AbortSignal,
): Promise<Answer<T>> {
  const { signal, done } = withDeadline(caller);
  try {
    const response = await fetch(path, { ...init, signal });
    if (!response.ok) {
      const problem = await problemOf(response);
      throw new HttpError(response.status, words(response.status, problem), problem);
    }
    const text = await response.text();
    return { data: (text ? JSON.parse(text) : undefined) as T, headers: response.headers };
  } catch (cause) {
    if (cause instanceof HttpError || caller?.aborted) throw cause;
    throw new HttpError(0, translate('error.offline'));
  } finally {
    done();
  }
}

/** GET of JSON. */
export const getJson = <T>(path: string, caller?: AbortSignal) =>
  requestJson<T>(path, { headers: { accept: 'application/json' } }, caller);

/** POST of JSON. */
export const postJson = <T>(path: string, body: unknown, init: RequestInit = {}) =>
  requestJson<T>(path, {
    method: 'POST',
    ...init,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
