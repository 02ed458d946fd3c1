import type { Restaurant } from '../../gen/types';
import { uuid } from '../../lib/random';
import { recall, remember } from '../../lib/storage';
import { sessionId } from '../chat/session';
import { createQueue, type Kept, type Queue, type Sent } from './queue';

export type What =
  | 'menu_view'
  | 'item_view'
  | 'search'
  | 'filter'
  | 'suggestion'
  | 'voice'
  | 'chat_open'
  | 'share'
  | 'language'
  | 'install';

interface More {
  item_id?: string;
  data?: Record<string, string | number | boolean>;
}

const STORED = 'events';
/** An event that is sent at once happened now, whatever the guest's clock says. */
const FRESH_MS = 60_000;

let here: { id: string; slug: string } | null = null;
let queue: Queue | null = null;

/** Guests who do not want to be counted are not; nothing is stored either. */
export function unwanted(browser: Navigator = navigator): boolean {
  return (
    browser.doNotTrack === '1' ||
    (browser as { globalPrivacyControl?: boolean }).globalPrivacyControl === true
  );
}

function load(): Kept[] {
  try {
    const stored: unknown = JSON.parse(recall(STORED) ?? '[]');
    return Array.isArray(stored) ? (stored as Kept[]) : [];
  } catch {
    return [];
  }
}

const timed = ({ at, ...event }: Kept) =>
  Math.abs(Date.now() - Date.parse(at)) < FRESH_MS ? event : { ...event, at };

async function post(events: Kept[]): Promise<Sent> {
  if (!navigator.onLine) return 'later';
  const response = await fetch('/api/v1/analytics/events', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events.map(timed)),
    keepalive: true,
  });
  if (response.ok) return 'taken';
  return response.status === 429 || response.status >= 500 ? 'later' : 'refused';
}

function start(): Queue {
  const made = createQueue({ post, load, keep: (events) => remember(STORED, JSON.stringify(events)) });
  window.addEventListener('online', made.flush);
  window.addEventListener('pagehide', made.leave);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && made.leave());
  return made;
}

/** From now on things happen at this restaurant. */
export function arriveAt({ id, slug }: Pick<Restaurant, 'id' | 'slug'>): void {
  here = { id, slug };
}

/** Tells the restaurant what a guest did there. Never fails, never waits. */
export function track(type: What, more: More = {}): void {
  if (!here || unwanted()) return;
  queue ??= start();
  queue.add({
    id: uuid(),
    type,
    restaurant_id: here.id,
    session_id: sessionId(here.slug),
    at: new Date().toISOString(),
    ...more,
  });
}
