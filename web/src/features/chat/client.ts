import { createStore, type StoreApi } from 'zustand/vanilla';
import { uuid } from '../../lib/random';
import { connect, type Connection, type ConnectionOptions, type Link } from './connection';
import type { ServerFrame } from './frames';
import { keepOutbox, readOutbox } from './outbox';
import { reduce, type ChatAction } from './reducer';
import { emptyChat, isOpen, resumePoint, type ChatState } from './state';
import type { StoredMessage } from '../../gen/types';

export interface ChatView {
  chat: ChatState;
  link: Link;
  /** The conversation could not be read; it is tried again with the next connection. */
  history_failed: boolean;
}

export interface ChatOptions extends Pick<
  ConnectionOptions,
  'url' | 'backoff' | 'ping_ms' | 'dead_ms' | 'stable_ms' | 'WebSocket'
> {
  session_id: string;
  /** An answer that is open and silent for this long is asked for again: its frames may have been lost behind an open socket. */
  quiet_ms?: number;
  /** Reads the conversation so far, oldest first. */
  loadHistory: (signal: AbortSignal) => Promise<StoredMessage[]>;
}

export interface ChatClient {
  store: StoreApi<ChatView>;
  /** Returns the id of the new message. It is sent at once or as soon as there is a connection, and exactly once in effect. */
  ask: (text: string) => string;
  /** Sends a refused message again, with the same id. */
  again: (id: string) => void;
  stop: (id: string) => void;
  /** Makes the assistant forget what the guest said about an allergy or a diet. */
  forget: (kind: 'allergy' | 'diet', value: string) => void;
  dismissNotice: () => void;
  retryNow: () => void;
  drop: () => void;
  close: () => void;
}

const QUIET_MS = 15_000;

/** One guest's conversation with one restaurant: owns the socket, folds frames into the store, repeats what was not acknowledged. */
export function createChat(options: ChatOptions): ChatClient {
  const { session_id } = options;
  const store = createStore<ChatView>(() => ({
    chat: emptyChat(session_id),
    link: 'connecting',
    history_failed: false,
  }));
  const leaving = new AbortController();
  const looked_up = new Set<string>();
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  let opened_before = false;
  let returned = false;

  const chat = () => store.getState().chat;

  function dispatch(action: ChatAction) {
    const before = chat();
    const after = reduce(before, action);
    if (after === before) return;
    store.setState({ chat: after });
    if (after.turns !== before.turns) keepOutbox(session_id, after.turns);
    if (after.gap && after.gap !== before.gap) join();
    lookUpForeignQuestions();
    watchQuiet();
  }

  function watchQuiet() {
    clearTimeout(quiet);
    if (!leaving.signal.aborted && chat().turns.some(isOpen))
      quiet = setTimeout(onQuiet, options.quiet_ms ?? QUIET_MS);
  }

  function onQuiet() {
    if (store.getState().link === 'open') {
      rejoin();
      void readHistory();
    }
    watchQuiet();
  }

  /** A question asked on another device shows up as an answer without its question: the store knows it. */
  function lookUpForeignQuestions() {
    const fresh = chat().turns.filter(
      (turn) => turn.question === null && turn.from === 'assistant' && !looked_up.has(turn.id),
    );
    if (fresh.length === 0 || reading) return;
    fresh.forEach((turn) => looked_up.add(turn.id));
    void readHistory();
  }

  async function readHistory() {
    if (reading || leaving.signal.aborted) return;
    reading = true;
    try {
      const messages = await options.loadHistory(leaving.signal);
      reading = false;
      store.setState({ history_failed: false });
      dispatch({ do: 'history', messages });
    } catch {
      reading = false;
      if (!leaving.signal.aborted) store.setState({ history_failed: true });
    }
  }

  function join() {
    const last = resumePoint(chat());
    connection.send({ type: 'join', session_id, ...(last && { last }) });
  }

  function sendQuestion(message_id: string, message: string) {
    connection.send({ type: 'chat_message', message, session_id, message_id });
  }

  function sendStop(message_id: string) {
    connection.send({ type: 'stop', session_id, message_id });
  }

  /** Joins and repeats what the server did not acknowledge; all of it is harmless when it arrives twice. */
  function rejoin() {
    join();
    for (const turn of chat().turns) {
      if (turn.asked === 'sending' && turn.question !== null) sendQuestion(turn.id, turn.question);
      if (turn.stopping && isOpen(turn)) sendStop(turn.id);
    }
  }

  function onFrame(frame: ServerFrame) {
    dispatch({ do: 'frame', frame });
    if (frame.type !== 'joined') return;
    // Answers that ended while we were away, other than the newest, are in the stored conversation only.
    if (returned || store.getState().history_failed) void readHistory();
  }

  const connection: Connection = connect({
    ...options,
    onFrame,
    onOpen() {
      returned = opened_before;
      opened_before = true;
      rejoin();
    },
    onLink: (link) => store.setState({ link }),
  });
  for (const { id, text } of readOutbox(session_id)) dispatch({ do: 'asked', id, text });
  void readHistory();

  return {
    store,
    ask(text) {
      const id = uuid();
      dispatch({ do: 'asked', id, text });
      sendQuestion(id, text);
      return id;
    },
    again(id) {
      const question = chat().turns.find((turn) => turn.id === id)?.question;
      if (!question) return;
      dispatch({ do: 'again', id });
      sendQuestion(id, question);
    },
    stop(id) {
      dispatch({ do: 'stopping', id });
      sendStop(id);
    },
    forget: (kind, value) =>
      void connection.send({ type: 'profile_remove', session_id, kind, value, confirm: true }),
    dismissNotice: () => dispatch({ do: 'noticed' }),
    retryNow: connection.retryNow,
    drop: connection.drop,
    close() {
      leaving.abort();
      clearTimeout(quiet);
      connection.close();
    },
  };
}
