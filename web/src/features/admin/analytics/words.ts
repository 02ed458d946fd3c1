/** Names of what is counted, for people; a metric that is not here is shown by its own name. */
const NAMES: Record<string, string> = {
  conversation: 'Conversations',
  conversations: 'Conversations',
  message: 'Questions',
  messages: 'Questions',
  session: 'Guests',
  sessions: 'Guests',
  stopped: 'Answers stopped',
  handover: 'Wanted a person',
  'thumbs:up': 'Thumbs up',
  'thumbs:down': 'Thumbs down',
  thumbs_up: 'Thumbs up',
  thumbs_down: 'Thumbs down',
  lost: 'Asked for in vain',
  allergen_question: 'Allergen questions',
  allergen_unknown: 'Allergens nobody knew',
  gate_drop: 'Sentences held back',
  view: 'Menu views',
  views: 'Menu views',
  'event:menu_view': 'Menu views',
  'event:item_view': 'Dishes opened',
  'event:search': 'Searches',
  'event:filter': 'Filters used',
  'event:suggestion': 'Suggestions tapped',
  'event:voice': 'Spoken to',
  tokens_in: 'Tokens read',
  tokens_out: 'Tokens written',
  cost_micros: 'Cost of the model',
  chat_outcome: 'Answer',
  menu_view: 'Menu view',
  item_view: 'Dish opened',
  not_on_menu: 'not on the menu',
  sold_out: 'sold out',
  out_of_hours: 'when closed',
  something_else: 'Something else',
  data: 'From the menu alone',
  model: 'By the model',
  fallback: 'Model failed, menu took over',
  en: 'English',
  de: 'German',
  es: 'Spanish',
  fr: 'French',
  it: 'Italian',
  pt: 'Portuguese',
  nl: 'Dutch',
  tr: 'Turkish',
};

/** The tiles, by what they are about; numbers that are in no group stand in the last one. */
export const GROUPS: { title: string; metrics: string[] }[] = [
  {
    title: 'On the menu',
    metrics: ['sessions', 'event:menu_view', 'event:item_view', 'event:search', 'event:filter'],
  },
  {
    title: 'With the assistant',
    metrics: ['conversation', 'message', 'event:suggestion', 'event:voice', 'thumbs:up', 'thumbs:down'],
  },
  {
    title: 'Worth a look',
    metrics: ['lost', 'allergen_question', 'allergen_unknown', 'handover', 'stopped', 'gate_drop'],
  },
  { title: 'The machine', metrics: ['tokens_in', 'tokens_out', 'cost_micros'] },
];

/** Here less is better. */
const BAD = new Set(['thumbs:down', 'lost', 'allergen_unknown', 'handover', 'stopped', 'gate_drop']);
/** Here neither is. */
const NEUTRAL = new Set(['tokens_in', 'tokens_out', 'cost_micros', 'allergen_question', 'event:filter']);

export const valueOf = (metric: string, value: number) =>
  metric === 'cost_micros' ? (value / 1e6).toFixed(2) : value.toLocaleString('en');

/** Whether a change is good news: 1, bad news: -1, or neither. */
export function newsOf(metric: string, value: number, before: number): -1 | 0 | 1 {
  if (before === 0 || value === before || NEUTRAL.has(metric)) return 0;
  return value > before === BAD.has(metric) ? -1 : 1;
}

export const nameOf = (key: string) =>
  NAMES[key] ?? (key.charAt(0).toUpperCase() + key.slice(1)).replaceAll('_', ' ').replace(':', ': ');

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
