import { HttpError, requestJson, type Answer } from '../../../lib/http';
import { uuid } from '../../../lib/random';
import { accessToken } from './tokens';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Options {
  method?: Method;
  /** Sent as JSON; a string or Blob as it is, with `type`. */
  body?: unknown;
  type?: string;
  accept?: string;
  /** The object's tag: the write fails with 412 when somebody else was first. */
  if_match?: string;
  signal?: AbortSignal;
}

function initOf(token: string, options: Options, key: string): RequestInit {
  const { method = 'GET', body, type, accept = 'application/json', if_match } = options;
  const raw = typeof body === 'string' || body instanceof Blob;
  return {
    method,
    headers: {
      accept,
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
      ...(if_match && { 'if-match': if_match }),
      ...(method !== 'GET' && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
  };
}

/** A request as whoever is signed in. A token that died meanwhile is replaced and the request sent once more; a repeated write has one effect. */
export async function authed<T>(path: string, options: Options = {}): Promise<Answer<T>> {
  const key = uuid();
  const token = await accessToken();
  try {
    return await requestJson<T>(path, initOf(token, options, key), options.signal);
  } catch (cause) {
    if (!(cause instanceof HttpError) || cause.status !== 401) throw cause;
    return requestJson<T>(path, initOf(await accessToken(token), options, key), options.signal);
  }
}

/** A file as text, with the right to read it. */
export async function authedText(path: string, accept: string): Promise<string> {
  const response = await fetch(path, { headers: { accept, authorization: `Bearer ${await accessToken()}` } });
  if (!response.ok)
    throw new HttpError(response.status, `The file could not be fetched (${response.status}). Try again.`);
  return response.text();
}

/** What a write was refused for, field by field, in the server's words. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof HttpError)) return {};
  return Object.fromEntries(
    (error.problem?.errors ?? []).map(({ pointer, message }) => [pointer.replace(/^\//, ''), message]),
  );
}
