import { TAXONOMY } from '../../gen/allergens';
import type { AllergenInfo } from '../../gen/types';
import { maybe, type Translate } from '../../i18n/i18n';

export type Allergen = (typeof TAXONOMY)[number]['wire'];

/** Those that the law names, without their members: what guests filter by and managers declare. */
export const REGULATED = TAXONOMY.filter((row) => row.regulated && row.parent === null).map(
  (row) => row.wire,
);

const ICONS: Record<string, string> = {
  gluten: '🌾',
  crustaceans: '🦐',
  eggs: '🥚',
  fish: '🐟',
  peanuts: '🥜',
  soy: '🫘',
  milk: '🥛',
  tree_nuts: '🌰',
  celery: '🥬',
  mustard: '🌭',
  sesame: '🫓',
  sulphites: '🍷',
  lupin: '🌸',
  molluscs: '🦪',
};

const rowOf = (wire: string) => TAXONOMY.find((row) => row.wire === wire);

/** Its own picture, or that of the group it belongs to. */
export const allergenIcon = (wire: string) => ICONS[wire] ?? ICONS[rowOf(wire)?.parent ?? ''] ?? '⚠️';

export const allergenName = (t: Translate, wire: string) =>
  maybe(t, `allergen.${wire}`, rowOf(wire)?.name ?? wire.replaceAll('_', ' '));

const inFamily = (asked: string, listed: string) => listed === asked || rowOf(listed)?.parent === asked;

/** What the lists of a dish say about an allergen or a member of it; null: they name it nowhere. */
export function listedVerdict(info: AllergenInfo, asked: string): 'contains' | 'may_contain' | null {
  if (info.contains.some((listed) => inFamily(asked, listed))) return 'contains';
  return info.may_contain.some((listed) => inFamily(asked, listed)) ? 'may_contain' : null;
}

export interface AllergenWords {
  contains: string[];
  may_contain: string[];
  free_of: string[];
  /** What is not known, in words; null when a person looked at the dish. */
  unknown: string | null;
  reviewed: string | null;
}

const dates = new Map<string | undefined, Intl.DateTimeFormat>();

function day(timestamp: string, locale?: string): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return timestamp;
  let format = dates.get(locale);
  if (!format) dates.set(locale, (format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })));
  return format.format(date);
}

/**
 * Four values, never two: what nobody looked at is said to be unknown, and silence is never an answer.
 * Never says "free" of anything by itself: a reviewed dish without entries has "none declared".
 */
export function allergenWords(info: AllergenInfo, t: Translate, locale?: string): AllergenWords {
  const { contains, may_contain, free_of } = info;
  const none = contains.length + may_contain.length === 0;
  const words = { contains, may_contain, free_of };
  if (info.reviewed_at) {
    const date = day(info.reviewed_at, locale);
    return {
      ...words,
      unknown: null,
      reviewed: none ? t('allergens.none_reviewed', { date }) : t('allergens.reviewed', { date }),
    };
  }
  return { ...words, unknown: t(none ? 'allergens.unknown' : 'allergens.others_unknown'), reviewed: null };
}
