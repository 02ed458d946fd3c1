import type { OpeningHours, OpeningSpan } from '../../gen/types';

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export type Opening =
  | { open: true; until: string }
  /** `at` is when it opens next, within a week; null: not at all. */
  | { open: false; at: { day: Weekday; days_ahead: number; time: string } | null };

const DAY = 24 * 60;

const isSpan = (span: unknown): span is OpeningSpan =>
  typeof span === 'object' &&
  span !== null &&
  'from' in span &&
  'to' in span &&
  [span.from, span.to].every((time) => typeof time === 'string' && /^\d\d:\d\d$/.test(time));

/** The spans of a day that make sense; the wire promises them, but hours are free-form in older data. */
export function spansOf(hours: unknown, day: Weekday): OpeningSpan[] {
  if (typeof hours !== 'object' || hours === null) return [];
  const spans = (hours as OpeningHours)[day];
  return Array.isArray(spans) ? spans.filter(isSpan) : [];
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Weekday (0 is Monday) and minute of the day by the restaurant's own clock. */
export function localMoment(now: Date, timezone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const day = WEEKDAYS.indexOf(part('weekday').toLowerCase() as Weekday);
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

const dayAt = (day: number) => WEEKDAYS[((day % 7) + 7) % 7] ?? 'monday';

/** A span whose end is not after its begin goes on past midnight. */
const endOf = (span: OpeningSpan) => {
  const [from, to] = [minutes(span.from), minutes(span.to)];
  return to > from ? to : to + DAY;
};

function spanNow(hours: unknown, day: number, minute: number): OpeningSpan | undefined {
  const today = spansOf(hours, dayAt(day)).find(
    (span) => minute >= minutes(span.from) && minute < endOf(span),
  );
  return today ?? spansOf(hours, dayAt(day - 1)).find((span) => minute + DAY < endOf(span));
}

function nextOpening(hours: unknown, day: number, minute: number) {
  for (let ahead = 0; ahead <= 7; ahead++) {
    const times = spansOf(hours, dayAt(day + ahead))
      .map((span) => span.from)
      .filter((from) => ahead > 0 || minutes(from) > minute)
      .sort();
    if (times[0]) return { day: dayAt(day + ahead), days_ahead: ahead, time: times[0] };
  }
  return null;
}

export const tellsHours = (hours: unknown) => WEEKDAYS.some((day) => spansOf(hours, day).length > 0);

/** Whether a restaurant is open now; null when it tells no hours or its time zone is unknown here. */
export function openingAt(hours: unknown, timezone: string, now: Date): Opening | null {
  if (!tellsHours(hours)) return null;
  try {
    const { day, minute } = localMoment(now, timezone);
    const span = spanNow(hours, day, minute);
    return span ? { open: true, until: span.to } : { open: false, at: nextOpening(hours, day, minute) };
  } catch {
    return null; // RangeError: a time zone that this browser does not know
  }
}
