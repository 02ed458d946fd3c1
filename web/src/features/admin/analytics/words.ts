import type { DeskKey, DeskWords } from '../words';

/** What has a name for people; the rest is shown by its own. */
const NAMED = [
  'conversation',
  'conversations',
  'message',
  'messages',
  'session',
  'sessions',
  'stopped',
  'handover',
  'thumbs:up',
  'thumbs:down',
  'thumbs_up',
  'thumbs_down',
  'lost',
  'allergen_question',
  'allergen_unknown',
  'gate_drop',
  'view',
  'views',
  'event:menu_view',
  'event:item_view',
  'event:search',
  'event:filter',
  'event:suggestion',
  'event:voice',
  'tokens_in',
  'tokens_out',
  'cost_micros',
  'chat_outcome',
  'menu_view',
  'item_view',
  'not_on_menu',
  'sold_out',
  'out_of_hours',
  'something_else',
  'data',
  'model',
  'fallback',
] as const;

/** The tiles, by what they are about; numbers that are in no group stand in the last one. */
export const GROUPS: { title: DeskKey; metrics: string[] }[] = [
  {
    title: 'group.menu',
    metrics: ['sessions', 'event:menu_view', 'event:item_view', 'event:search', 'event:filter'],
  },
  {
    title: 'group.assistant',
    metrics: ['conversation', 'message', 'event:suggestion', 'event:voice', 'thumbs:up', 'thumbs:down'],
  },
  {
    title: 'group.look',
    metrics: ['lost', 'allergen_question', 'allergen_unknown', 'handover', 'stopped', 'gate_drop'],
  },
  { title: 'group.machine', metrics: ['tokens_in', 'tokens_out', 'cost_micros'] },
];

/** Here less is better. */
const BAD = new Set(['thumbs:down', 'lost', 'allergen_unknown', 'handover', 'stopped', 'gate_drop']);
/** Here neither is. */
const NEUTRAL = new Set(['tokens_in', 'tokens_out', 'cost_micros', 'allergen_question', 'event:filter']);

export const valueOf = (metric: string, value: number, locale: string) =>
  metric === 'cost_micros'
    ? (value / 1e6).toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    : value.toLocaleString(locale);

/** Whether a change is good news: 1, bad news: -1, or neither. */
export function newsOf(metric: string, value: number, before: number): -1 | 0 | 1 {
  if (before === 0 || value === before || NEUTRAL.has(metric)) return 0;
  return value > before === BAD.has(metric) ? -1 : 1;
}

export function nameOf(key: string, t: DeskWords): string {
  const named = NAMED.find((each) => each === key);
  if (named) return t(`metric.${named}`);
  return (key.charAt(0).toUpperCase() + key.slice(1)).replaceAll('_', ' ').replace(':', ': ');
}

/** "German" for "de", in the reader's language. */
export function languageOf(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag; // RangeError: not a tag
  }
}

/** "+12 %", "−3 %"; null without anything to compare with. */
export function trend(value: number, before: number): string | null {
  if (before === 0) return null;
  const change = Math.round(((value - before) / before) * 100);
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(change)} %`;
}

export interface Period {
  from: string;
  to: string;
}

const HOUR_MS = 3_600_000;

/** The last so many days, the hour that is running included: the server counts whole hours, and rounds down. */
export const lastDays = (days: number, now = new Date()): Period => ({
  from: new Date(now.getTime() + HOUR_MS - days * 24 * HOUR_MS).toISOString(),
  to: new Date(now.getTime() + HOUR_MS).toISOString(),
});
