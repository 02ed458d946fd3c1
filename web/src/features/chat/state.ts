import type {
  AiMessage,
  AnswerItem,
  Claim,
  LastSeen,
  MenuItemChange,
  Profile,
  Welcome,
} from '../../gen/types';

/** How far the guest's message got: on its way, durable at the server, or refused. */
export type Asked = 'sending' | 'accepted' | 'failed';

export interface Answer {
  /** 0 when it was read from the stored conversation, which does not tell the attempt. */
  attempt: number;
  /** The last piece that was folded in; the next one has to be `seq + 1`. */
  seq: number;
  text: string;
  done: boolean;
  status: AiMessage['status'];
  claims: Claim[];
  items: AnswerItem[];
  warnings: string[];
  suggestions: string[];
  provider: string | null;
  /** True when the whole answer differed from its pieces, so the whole one was taken instead. */
  healed: boolean;
}

export interface Refusal {
  code: string;
  text: string;
  retry_after_s: number | null;
}

/** A question and its answer; both carry the same message id. */
export interface Turn {
  id: string;
  from: 'assistant' | 'staff';
  /** Null when another device asked and the conversation was not read again yet. */
  question: string | null;
  asked: Asked;
  answer: Answer | null;
  stopping: boolean;
  refusal: Refusal | null;
  corrections: string[];
}

/** A frame of an answer; a join resumes behind it. */
export type Position = LastSeen;

export interface ChatState {
  session_id: string;
  welcome: Welcome | null;
  profile: Profile;
  menu_version: number;
  /** What the newest word about the menu said had changed; the rest has to be fetched. */
  menu_changes: MenuItemChange[];
  turns: Turn[];
  /** The last frame of an answer that was folded in without a gap before it. */
  last: Position | null;
  /** Set when a piece is missing; the owner of the socket then joins again behind it. */
  gap: Position | null;
  /** The newest answer that was finished while the guest was here, for screen readers. */
  announced: { id: string; text: string } | null;
  /** An error that belongs to no message. */
  notice: Refusal | null;
}

export function emptyChat(session_id: string): ChatState {
  return {
    session_id,
    welcome: null,
    profile: { allergies: [], diets: [] },
    menu_version: 0,
    menu_changes: [],
    turns: [],
    last: null,
    gap: null,
    announced: null,
    notice: null,
  };
}

export function newTurn(id: string, question: string | null, asked: Asked): Turn {
  return {
    id,
    from: 'assistant',
    question,
    asked,
    answer: null,
    stopping: false,
    refusal: null,
    corrections: [],
  };
}

export function newAnswer(attempt: number): Answer {
  return {
    attempt,
    seq: 0,
    text: '',
    done: false,
    status: 'complete',
    claims: [],
    items: [],
    warnings: [],
    suggestions: [],
    provider: null,
    healed: false,
  };
}

/** An answer is on its way: asked for and accepted, but not finished and not refused. */
export function isOpen(turn: Turn): boolean {
  return turn.asked !== 'failed' && turn.from === 'assistant' && !turn.answer?.done;
}

/** Suggestions of the newest finished answer; none while another answer is on its way. */
export function currentSuggestions(state: ChatState): string[] {
  const newest = state.turns.at(-1);
  return newest && !isOpen(newest) ? (newest.answer?.suggestions ?? []) : [];
}

/**
 * Where a join has to resume: behind the oldest answer that was begun and is not finished, because several may be
 * open at once and what is sent twice is dropped; without one, behind the last frame seen.
 */
export function resumePoint(state: ChatState): Position | null {
  const begun = state.turns.find((turn) => isOpen(turn) && turn.answer && turn.answer.seq > 0);
  if (!begun?.answer) return state.last;
  return { message_id: begun.id, attempt: begun.answer.attempt, seq: begun.answer.seq };
}
