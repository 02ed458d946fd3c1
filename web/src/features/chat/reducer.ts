import type {
  AiMessage,
  Correction,
  ErrorFrame,
  Joined,
  MenuItemChange,
  Restart,
  StoredMessage,
  Token,
} from '../../gen/types';
import type { ServerFrame } from './frames';
import { mergeHistory } from './history';
import { newAnswer, newTurn, type Answer, type ChatState, type Refusal, type Turn } from './state';

/** Everything that changes the conversation: what the server sent, and what the guest did. */
export type ChatAction =
  | { do: 'frame'; frame: ServerFrame }
  | { do: 'history'; messages: StoredMessage[] }
  | { do: 'asked'; id: string; text: string }
  | { do: 'again'; id: string }
  | { do: 'stopping'; id: string }
  | { do: 'noticed' };

/** Replaces one turn; makes it when another device asked. Returns the same state when `change` changed nothing. */
function withTurn(state: ChatState, id: string, change: (turn: Turn) => Turn): ChatState {
  const before = state.turns.find((turn) => turn.id === id);
  if (!before) return { ...state, turns: [...state.turns, change(newTurn(id, null, 'accepted'))] };
  const after = change(before);
  return after === before
    ? state
    : { ...state, turns: state.turns.map((turn) => (turn === before ? after : turn)) };
}

function answerOf(state: ChatState, id: string): Answer | null {
  return state.turns.find((turn) => turn.id === id)?.answer ?? null;
}

function setAnswer(state: ChatState, id: string, answer: Answer): ChatState {
  return withTurn(state, id, (turn) => ({ ...turn, asked: 'accepted', refusal: null, answer }));
}

/** The pieces of this attempt so far; null when the frame belongs to an older attempt or a finished answer. */
function attemptFor(state: ChatState, id: string, attempt: number): Answer | null {
  const answer = answerOf(state, id);
  if (!answer) return newAnswer(attempt);
  if (answer.done || attempt < answer.attempt) return null;
  return attempt > answer.attempt ? newAnswer(attempt) : answer;
}

/** A gap is over when the answer that had it got its next piece or ended. */
function closeGap(state: ChatState, id: string): ChatState {
  return state.gap?.message_id === id ? { ...state, gap: null } : state;
}

function onToken(state: ChatState, frame: Token): ChatState {
  const answer = attemptFor(state, frame.message_id, frame.attempt);
  if (!answer || frame.seq <= answer.seq) return state;
  if (frame.seq !== answer.seq + 1) return onGap(state, frame, answer);
  const next = { ...answer, seq: frame.seq, text: answer.text + frame.text };
  const last = { message_id: frame.message_id, attempt: frame.attempt, seq: frame.seq };
  return closeGap({ ...setAnswer(state, frame.message_id, next), last }, frame.message_id);
}

function onGap(state: ChatState, frame: Token, answer: Answer): ChatState {
  const kept = setAnswer(state, frame.message_id, answer);
  const gap = { message_id: frame.message_id, attempt: answer.attempt, seq: answer.seq };
  const same =
    state.gap?.message_id === gap.message_id &&
    state.gap.attempt === gap.attempt &&
    state.gap.seq === gap.seq;
  return same ? state : { ...kept, gap };
}

function onRestart(state: ChatState, frame: Restart): ChatState {
  const answer = answerOf(state, frame.message_id);
  if (answer && (answer.done || frame.attempt <= answer.attempt)) return state;
  return closeGap(setAnswer(state, frame.message_id, newAnswer(frame.attempt)), frame.message_id);
}

/** Whether the pieces of this attempt disagree with the whole; pieces that are missing at the end do not count. */
function differs(frame: AiMessage, pieces: Answer | null): boolean {
  if (!pieces || pieces.attempt !== frame.attempt) return false;
  return pieces.seq + 1 === frame.seq
    ? pieces.text !== frame.content
    : !frame.content.startsWith(pieces.text);
}

function wholeAnswer(frame: AiMessage, pieces: Answer | null): Answer {
  return {
    attempt: frame.attempt,
    seq: frame.seq,
    text: frame.content,
    done: true,
    status: frame.status,
    claims: frame.claims ?? [],
    items: frame.items ?? [],
    warnings: frame.warnings ?? [],
    suggestions: frame.suggestions ?? [],
    provider: frame.provider ?? null,
    healed: differs(frame, pieces),
  };
}

function onAiMessage(state: ChatState, frame: AiMessage): ChatState {
  const before = answerOf(state, frame.message_id);
  if (before && frame.attempt < before.attempt) return state;
  if (before?.done && before.attempt === frame.attempt) return state;
  const answer = wholeAnswer(frame, before);
  const next = withTurn(setAnswer(state, frame.message_id, answer), frame.message_id, (turn) => ({
    ...turn,
    stopping: false,
  }));
  const last = { message_id: frame.message_id, attempt: frame.attempt, seq: frame.seq };
  // An old answer that a join brings again is not news.
  const awaited = state.turns.some((turn) => turn.id === frame.message_id) && !before?.done;
  const announced = awaited ? { id: frame.message_id, text: frame.content } : state.announced;
  return closeGap({ ...next, last, announced, profile: frame.profile ?? state.profile }, frame.message_id);
}

function onJoined(state: ChatState, frame: Joined): ChatState {
  const profile = frame.profile ?? state.profile;
  const open = frame.open.reduce(
    (folded, each) =>
      withTurn(folded, each.message_id, (turn) =>
        turn.asked === 'sending' ? { ...turn, asked: 'accepted' } : turn,
      ),
    state,
  );
  return { ...open, profile };
}

function onCorrection(state: ChatState, frame: Correction): ChatState {
  return withTurn(state, frame.message_id, (turn) =>
    turn.corrections.includes(frame.content)
      ? turn
      : { ...turn, corrections: [...turn.corrections, frame.content] },
  );
}

function onError(state: ChatState, frame: ErrorFrame): ChatState {
  const refusal: Refusal = {
    code: frame.code,
    text: frame.message,
    retry_after_s: frame.retry_after ?? null,
  };
  const turn = state.turns.find((each) => each.id === frame.message_id);
  if (!turn) return { ...state, notice: refusal };
  if (turn.answer?.done) return state;
  // What was accepted will be answered, whatever a repeated sending of it met.
  if (turn.asked === 'accepted' && frame.code !== 'internal') return state;
  const asked = turn.asked === 'sending' ? 'failed' : turn.asked;
  return withTurn(state, turn.id, (each) => ({ ...each, asked, refusal }));
}

function onAccepted(state: ChatState, id: string): ChatState {
  return withTurn(state, id, (turn) =>
    turn.asked === 'accepted' && !turn.refusal ? turn : { ...turn, asked: 'accepted', refusal: null },
  );
}

function onMenu(state: ChatState, menu_version: number, menu_changes: MenuItemChange[] = []): ChatState {
  return menu_version > state.menu_version ? { ...state, menu_version, menu_changes } : state;
}

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** One row for each type of frame. */
const FOLD: { [T in ServerFrame['type']]: (state: ChatState, frame: FrameOf<T>) => ChatState } = {
  welcome: (state, frame) => onMenu({ ...state, welcome: frame }, frame.menu_version),
  joined: onJoined,
  accepted: (state, frame) => onAccepted(state, frame.message_id),
  token: onToken,
  restart: onRestart,
  ai_message: onAiMessage,
  correction: onCorrection,
  error: onError,
  menu_updated: (state, frame) => onMenu(state, frame.menu_version, frame.items),
  pong: (state) => state,
};

function onFrame<T extends ServerFrame['type']>(state: ChatState, frame: FrameOf<T>): ChatState {
  if ('session_id' in frame && frame.session_id !== state.session_id) return state;
  const fold = FOLD[frame.type as T];
  return fold(state, frame);
}

function onAsked(state: ChatState, id: string, text: string): ChatState {
  if (state.turns.some((turn) => turn.id === id)) return state;
  return { ...state, notice: null, turns: [...state.turns, newTurn(id, text, 'sending')] };
}

/** Pure: folds one action into the conversation. The same frame twice, or late, leaves the state as it is. */
export function reduce(state: ChatState, action: ChatAction): ChatState {
  switch (action.do) {
    case 'frame':
      return onFrame(state, action.frame);
    case 'history':
      return mergeHistory(state, action.messages);
    case 'asked':
      return onAsked(state, action.id, action.text);
    case 'again':
      return withTurn(state, action.id, (turn) => ({ ...turn, asked: 'sending', refusal: null }));
    case 'stopping':
      return withTurn(state, action.id, (turn) => (turn.stopping ? turn : { ...turn, stopping: true }));
    case 'noticed':
      return state.notice ? { ...state, notice: null } : state;
  }
}
