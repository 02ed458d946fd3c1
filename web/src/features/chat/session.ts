import { randomId } from '../../lib/random';
import { recall, remember } from '../../lib/storage';

const VALID = /^[A-Za-z0-9_-]{16,100}$/;

/** The guest's session at one restaurant; sessions of two restaurants share nothing. */
export function sessionId(slug: string): string {
  const key = `session:${slug}`;
  const known = recall(key);
  if (known && VALID.test(known)) return known;
  const fresh = randomId();
  remember(key, fresh);
  return fresh;
}
