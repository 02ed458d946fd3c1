import type {
  Accepted,
  AiMessage,
  ChatMessage,
  Correction,
  ErrorFrame,
  Join,
  Joined,
  MenuUpdated,
  Ping,
  Pong,
  ProfileRemove,
  Restart,
  Stop,
  Token,
  Welcome,
} from '../../gen/types';

/** Everything a guest's socket may receive, told apart by `type`. */
export type ServerFrame =
  Welcome | Joined | Accepted | Token | Restart | AiMessage | Correction | ErrorFrame | MenuUpdated | Pong;

export type ClientFrame = Join | ChatMessage | Stop | ProfileRemove | Ping;

type Fields = Record<string, 'string' | 'number' | 'object'>;

/** What the reducer relies on, by type. A frame without it is dropped rather than shown half. */
const REQUIRED: Record<ServerFrame['type'], Fields> = {
  welcome: { assistant: 'object', disclosure: 'string', menu_version: 'number' },
  joined: { session_id: 'string', open: 'object' },
  accepted: { session_id: 'string', message_id: 'string' },
  token: { session_id: 'string', message_id: 'string', attempt: 'number', seq: 'number', text: 'string' },
  restart: { session_id: 'string', message_id: 'string', attempt: 'number' },
  ai_message: {
    session_id: 'string',
    message_id: 'string',
    attempt: 'number',
    seq: 'number',
    content: 'string',
  },
  correction: { session_id: 'string', message_id: 'string', content: 'string' },
  error: { code: 'string', message: 'string' },
  menu_updated: { menu_version: 'number' },
  pong: {},
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function known(type: unknown): type is ServerFrame['type'] {
  return typeof type === 'string' && Object.hasOwn(REQUIRED, type);
}

/** A frame from the wire; null when it is none of ours. A newer server may send types we do not know: they are skipped. */
export function parseFrame(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || !known(value.type)) return null;
  for (const [name, type] of Object.entries(REQUIRED[value.type])) {
    const field = value[name];
    if (typeof field !== type || field === null) return null;
  }
  return value as unknown as ServerFrame;
}
