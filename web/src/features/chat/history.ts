import type { AiMessage, StoredMessage } from '../../gen/types';
import { newAnswer, newTurn, type Answer, type ChatState, type Turn } from './state';

const STATUSES: readonly string[] = ['complete', 'stopped', 'fallback'];

function storedAnswer(message: StoredMessage): Answer {
  const status = STATUSES.includes(message.status) ? (message.status as AiMessage['status']) : 'complete';
  return {
    ...newAnswer(0),
    text: message.content,
    done: true,
    status,
    claims: message.claims ?? [],
    provider: message.provider,
  };
}

function fold(turn: Turn, message: StoredMessage): Turn {
  if (message.sender_type === 'user')
    return { ...turn, question: message.content, asked: 'accepted', refusal: null };
  // A finished answer that came over the socket holds more than its stored row.
  if (turn.answer?.done) return turn;
  const from = message.sender_type === 'staff' ? 'staff' : 'assistant';
  return { ...turn, from, asked: 'accepted', refusal: null, stopping: false, answer: storedAnswer(message) };
}

/**
 * Lays the stored conversation under what is on the screen: stored turns first, in their order, then the turns the
 * store does not know yet. What streams goes on streaming.
 */
export function mergeHistory(state: ChatState, messages: StoredMessage[]): ChatState {
  const known = new Map(state.turns.map((turn) => [turn.id, turn]));
  const stored = new Map<string, Turn>();
  for (const message of messages) {
    const id = message.sender_type === 'staff' ? `staff:${message.id}` : message.message_id;
    const turn = stored.get(id) ?? known.get(id) ?? newTurn(id, null, 'accepted');
    stored.set(id, fold(turn, message));
  }
  const rest = state.turns.filter((turn) => !stored.has(turn.id));
  return { ...state, turns: [...stored.values(), ...rest] };
}
