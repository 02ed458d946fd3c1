/** Names of what is counted, for people; a metric that is not here is shown by its own name. */
const NAMES: Record<string, string> = {
  conversation: 'Conversations',
  conversations: 'Conversations',
  message: 'Questions',
  messages: 'Questions',
  session: 'Guests',
  sessions: 'Guests',
  thumbs_up: 'Thumbs up',
  thumbs_down: 'Thumbs down',
  lost: 'Asked for in vain',
  view: 'Menu views',
  views: 'Menu views',
  not_on_menu: 'not on the menu',
  sold_out: 'sold out',
  out_of_hours: 'when closed',
  data: 'from the menu alone',
  model: 'by the model',
  fallback: 'model failed, menu took over',
};

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

const DAY_MS = 86_400_000;

/** The last so many days up to now. */
export const lastDays = (days: number, now = new Date()): Period => ({
  from: new Date(now.getTime() - days * DAY_MS).toISOString(),
  to: now.toISOString(),
});
