import { recall, remember } from '../../lib/storage';
import type { Turn } from './state';

export interface Unsent {
  id: string;
  text: string;
}

const keyOf = (session: string) => `outbox:${session}`;

const isUnsent = (value: unknown): value is Unsent =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  'text' in value &&
  typeof value.id === 'string' &&
  typeof value.text === 'string';

/** Messages of this session that no server has confirmed yet; they outlive a reload. */
export function readOutbox(session: string): Unsent[] {
  try {
    const value: unknown = JSON.parse(recall(keyOf(session)) ?? '[]');
    return Array.isArray(value) ? value.filter(isUnsent) : [];
  } catch {
    return [];
  }
}

/** Keeps what these turns still have to send. Messages that another tab waits for are left alone. */
export function keepOutbox(session: string, turns: Turn[]): void {
  const mine = new Set(turns.map((turn) => turn.id));
  const others = readOutbox(session).filter((unsent) => !mine.has(unsent.id));
  const waiting = turns.flatMap((turn) =>
    turn.asked === 'sending' && turn.question !== null ? [{ id: turn.id, text: turn.question }] : [],
  );
  const text = JSON.stringify([...others, ...waiting]);
  if (text !== (recall(keyOf(session)) ?? '[]')) remember(keyOf(session), text);
}
