import type { AllergenInfo } from '../../gen/types';

export interface AllergenWords {
  contains: string | null;
  may_contain: string | null;
  /** What is not known, in words; null when a person looked at the dish. */
  unknown: string | null;
  reviewed: string | null;
}

const plain = (name: string) => name.replaceAll('_', ' ');
const list = (names: string[]) => (names.length ? names.map(plain).join(', ') : null);

function day(timestamp: string, locale?: string): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime())
    ? timestamp
    : new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(date);
}

/**
 * Four values, never two: what nobody looked at is said to be unknown, and silence is never an answer.
 * Never says "free" of anything by itself: a reviewed dish without entries has "none declared".
 */
export function allergenWords(info: AllergenInfo, locale?: string): AllergenWords {
  const contains = list(info.contains);
  const may_contain = list(info.may_contain);
  if (info.reviewed_at) {
    const none = !contains && !may_contain ? 'No regulated allergen declared' : null;
    const when = `reviewed on ${day(info.reviewed_at, locale)}`;
    return {
      contains,
      may_contain,
      unknown: null,
      reviewed: none ? `${none} · ${when}` : `Allergens ${when}`,
    };
  }
  const unknown =
    contains || may_contain
      ? 'Other allergens: unknown – ask the staff'
      : 'Allergens: unknown – ask the staff';
  return { contains, may_contain, unknown, reviewed: null };
}
