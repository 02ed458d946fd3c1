import type { StoredMessage } from '../../gen/types';
import { getJson, postJson } from '../../lib/http';

const PAGE = 200;

const chatPath = (slug: string, rest: string) => `/api/v1/chat/${encodeURIComponent(slug)}/${rest}`;

function historyPage(slug: string, session: string, offset: number, signal: AbortSignal) {
  const query = new URLSearchParams({ session_id: session, limit: String(PAGE), offset: String(offset) });
  return getJson<StoredMessage[]>(chatPath(slug, `messages?${query}`), signal);
}

/** The newest messages of the conversation, oldest first; at most two requests. */
export async function loadHistory(
  slug: string,
  session: string,
  signal: AbortSignal,
): Promise<StoredMessage[]> {
  const first = await historyPage(slug, session, 0, signal);
  const total = Number(first.headers.get('x-total-count') ?? 0);
  if (!(total > PAGE)) return first.data;
  return (await historyPage(slug, session, total - PAGE, signal)).data;
}

/** Questions to start with, in the language of the interface, about dishes that fit the session's profile. */
export async function loadSuggestions(
  slug: string,
  session: string,
  lang: string,
  signal: AbortSignal,
): Promise<string[]> {
  const query = new URLSearchParams({ session_id: session, lang });
  const { data } = await getJson<unknown>(chatPath(slug, `suggestions?${query}`), signal);
  return Array.isArray(data) ? data.filter((each) => typeof each === 'string') : [];
}

export interface Feedback {
  session_id: string;
  message_id: string;
  rating: 'up' | 'down';
  reason?: string;
}

export const sendFeedback = (slug: string, feedback: Feedback) =>
  postJson(chatPath(slug, 'feedback'), feedback);

export function socketUrl(slug: string, page: Location = location): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/ws/${encodeURIComponent(slug)}`;
}
