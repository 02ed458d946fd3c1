import type {
  Accepted,
  AiMessage,
  Correction,
  ErrorFrame,
  Joined,
  Restart,
  StoredMessage,
  Token,
  Welcome,
} from '../../gen/types';
import type { ServerFrame } from './frames';
import { reduce, type ChatAction } from './reducer';
import { emptyChat, type ChatState, type Turn } from './state';

/** Frames as the server sends them, for tests. */
export const SESSION = 'f00dcafe00000000000000000000beef';
export const M1 = '018f0000-0000-7000-8000-000000000001';
export const M2 = '018f0000-0000-7000-8000-000000000002';

export const token = (seq: number, text: string, { id = M1, attempt = 1 } = {}): Token => ({
  type: 'token',
  session_id: SESSION,
  message_id: id,
  attempt,
  seq,
  text,
});

export const accepted = (id = M1): Accepted => ({ type: 'accepted', session_id: SESSION, message_id: id });

export const restart = (attempt: number, id = M1): Restart => ({
  type: 'restart',
  session_id: SESSION,
  message_id: id,
  attempt,
});

export const whole = (seq: number, content: string, more: Partial<AiMessage> = {}): AiMessage => ({
  type: 'ai_message',
  session_id: SESSION,
  message_id: M1,
  attempt: 1,
  seq,
  content,
  status: 'complete',
  claims: [],
  items: [],
  warnings: [],
  suggestions: [],
  profile: { allergies: [], diets: [] },
  menu_version: 7,
  provider: 'builtin',
  ...more,
});

export const joined = (open: Joined['open'] = []): Joined => ({
  type: 'joined',
  session_id: SESSION,
  profile: { allergies: [], diets: [] },
  open,
});

export const welcome = (menu_version = 7): Welcome => ({
  type: 'welcome',
  restaurant: { id: M1, name: 'The Cookie Jar', slug: 'the-cookie-jar' },
  assistant: { name: 'Chip', greeting: 'Hi!' },
  disclosure: 'An AI answers.',
  menu_version,
});

export const refused = (code: ErrorFrame['code'], more: Partial<ErrorFrame> = {}): ErrorFrame => ({
  type: 'error',
  code,
  message: 'no',
  ...more,
});

export const correction = (content: string, id = M1): Correction => ({
  type: 'correction',
  session_id: SESSION,
  message_id: id,
  claims: [],
  content,
});

export const stored = (
  sender_type: StoredMessage['sender_type'],
  content: string,
  message_id = M1,
): StoredMessage => ({
  id: `${message_id}-${sender_type}`,
  message_id,
  sender_type,
  content,
  status: 'complete',
  claims: [],
  menu_version: 7,
  provider: null,
  created_at: '2026-01-01T10:00:00Z',
});

export const asked = (id = M1, text = 'Tell me about your cookies'): ChatAction => ({
  do: 'asked',
  id,
  text,
});
export const frame = (each: ServerFrame): ChatAction => ({ do: 'frame', frame: each });

export function run(...steps: (ChatAction | ServerFrame)[]): ChatState {
  return steps.reduce<ChatState>(
    (state, step) => reduce(state, 'do' in step ? step : frame(step)),
    emptyChat(SESSION),
  );
}

export function turn(state: ChatState, id = M1): Turn {
  const found = state.turns.find((each) => each.id === id);
  if (!found) throw new Error(`no turn ${id}`);
  return found;
}
