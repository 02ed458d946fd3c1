import { randomId } from '../../lib/random';
import { recall, remember } from '../../lib/storage';

const VALID = /^[A-Za-z0-9_-]{16,100}$/;
const IN_LINK = /(?:^#|&)session=([A-Za-z0-9_-]+)/;

const keyOf = (slug: string) => `session:${slug}`;

function fresh(slug: string): string {
  const id = randomId();
  remember(keyOf(slug), id);
  return id;
}

/**
 * The guest's session at one restaurant; sessions of two restaurants share nothing. A link from another device brings its own, behind the
 * # where no server sees it; it is taken over and wiped from the address.
 */
export function sessionId(slug: string): string {
  const brought = typeof location === 'undefined' ? undefined : IN_LINK.exec(location.hash)?.[1];
  if (brought && VALID.test(brought)) {
    remember(keyOf(slug), brought);
    history.replaceState(history.state, '', location.pathname + location.search);
    return brought;
  }
  const known = recall(keyOf(slug));
  return known && VALID.test(known) ? known : fresh(slug);
}

/** Leaves the conversation and everything in it behind, on this device. */
export const newSession = fresh;

/** The address that shows this conversation on another device. Who has it can read along. */
export const linkOf = (slug: string, session: string, origin = location.origin) =>
  `${origin}/r/${encodeURIComponent(slug)}#session=${session}`;
