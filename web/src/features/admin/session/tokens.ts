import type { SignedIn } from '../../../gen/types';
import { HttpError, postJson } from '../../../lib/http';

const STORED = 'admin:refresh';
/** Refreshed a little before it ends, so that a request seldom meets a token that just died. */
const MARGIN_MS = 30_000;

interface Access {
  token: string;
  ends_at: number;
}

let access: Access | null = null;
const listeners = new Set<() => void>();

const refreshToken = () => localStorage.getItem(STORED);

function keep(signed: SignedIn | null): void {
  access = signed && { token: signed.access_token, ends_at: Date.now() + signed.expires_in * 1000 };
  if (signed) localStorage.setItem(STORED, signed.refresh_token);
  else localStorage.removeItem(STORED);
  listeners.forEach((notify) => notify());
}

/** Whether somebody is signed in on this device; what the server thinks of it shows with the next request. */
export const isSignedIn = () => refreshToken() !== null;

export function onSession(notify: () => void): () => void {
  listeners.add(notify);
  window.addEventListener('storage', notify);
  return () => {
    listeners.delete(notify);
    window.removeEventListener('storage', notify);
  };
}

export async function signIn(email: string, password: string): Promise<void> {
  keep((await postJson<SignedIn>('/api/v1/auth/login', { email, password })).data);
}

export async function signOut(): Promise<void> {
  const refresh_token = refreshToken();
  keep(null);
  if (refresh_token) await postJson('/api/v1/auth/logout', { refresh_token }).catch(() => undefined);
}

async function refresh(): Promise<string> {
  const refresh_token = refreshToken();
  if (!refresh_token) throw new HttpError(401, 'Please sign in.');
  try {
    const { data } = await postJson<SignedIn>('/api/v1/auth/refresh', { refresh_token });
    keep(data);
    return data.access_token;
  } catch (cause) {
    if (cause instanceof HttpError && cause.status >= 400 && cause.status < 500 && cause.status !== 429)
      keep(null);
    throw cause;
  }
}

/** A refresh token is good once, and its second use signs everybody out: tabs take turns, each with the newest. */
async function inTurn(run: () => Promise<string>): Promise<string> {
  return 'locks' in navigator ? await navigator.locks.request('admin-refresh', run) : run();
}

let refreshing: Promise<string> | null = null;

/** A token that is good for a while. `stale` is one that was just refused. */
export async function accessToken(stale?: string): Promise<string> {
  if (access && access.token !== stale && access.ends_at - Date.now() > MARGIN_MS) return access.token;
  const shared = refreshing ?? inTurn(refresh).finally(() => (refreshing = null));
  refreshing = shared;
  return shared;
}
