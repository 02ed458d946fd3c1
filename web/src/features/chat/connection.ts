import { BACKOFF, delayBefore, type Backoff } from '../../lib/backoff';
import { parseFrame, type ClientFrame, type ServerFrame } from './frames';

/** `waiting` says that the socket is gone and another attempt is planned. */
export type Link = 'connecting' | 'open' | 'waiting' | 'closed';

export interface ConnectionOptions {
  url: string;
  onFrame: (frame: ServerFrame) => void;
  /** The socket is open: say who we are, send what was not acknowledged. */
  onOpen: () => void;
  onLink: (link: Link) => void;
  backoff?: Backoff;
  /** Silence after which we ask whether anybody is there, and how long we wait for a sign of life. */
  ping_ms?: number;
  dead_ms?: number;
  /** A socket that lived this long makes the next failure a first one again. */
  stable_ms?: number;
  /** For tests under Node; browsers bring their own. */
  WebSocket?: typeof WebSocket;
}

export interface Connection {
  /** False when there is no open socket; nothing is queued here, the conversation knows what is unacknowledged. */
  send: (frame: ClientFrame) => boolean;
  /** Try now instead of waiting for the back-off. */
  retryNow: () => void;
  /** Drop the socket and go through the back-off: the network said that it is gone. */
  drop: () => void;
  close: () => void;
}

const DEFAULTS = { backoff: BACKOFF, ping_ms: 25_000, dead_ms: 10_000, stable_ms: 2_000 };
const ABNORMAL = 1006;

/** Keeps one WebSocket open until `close()`, with back-off between attempts and a watch over silence. Callbacks are never run before this returned. */
export function connect(given: ConnectionOptions): Connection {
  const options = { ...DEFAULTS, WebSocket: globalThis.WebSocket, ...given };
  let socket: WebSocket | null = null;
  let attempt = 0;
  let opened_at = 0;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => {
      send({ type: 'ping' });
      silence = setTimeout(drop, options.dead_ms);
    }, options.ping_ms);
  }

  function send(frame: ClientFrame): boolean {
    if (!socket || socket.readyState !== options.WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function open() {
    clearTimeout(retry);
    options.onLink('connecting');
    const mine = new options.WebSocket(options.url);
    socket = mine;
    // Events of a socket that was given up must not touch its successor.
    const current = () => socket === mine;
    mine.onopen = () => current() && onOpen();
    mine.onmessage = (event) => current() && onMessage(event.data);
    mine.onclose = (event) => current() && onGone(event.code);
    mine.onerror = () => undefined; // a close always follows
  }

  function onOpen() {
    opened_at = Date.now();
    heard();
    options.onLink('open');
    options.onOpen();
  }

  function onMessage(data: unknown) {
    heard();
    const frame = typeof data === 'string' ? parseFrame(data) : null;
    if (frame) options.onFrame(frame);
  }

  function onGone(code: number) {
    clearTimeout(silence);
    if (opened_at && Date.now() - opened_at >= options.stable_ms) attempt = 0;
    opened_at = 0;
    socket = null;
    options.onLink('waiting');
    retry = setTimeout(open, delayBefore(attempt++, code, options.backoff));
  }

  function drop() {
    if (!socket) return;
    const gone = socket;
    socket = null;
    gone.close();
    onGone(ABNORMAL);
  }

  function retryNow() {
    if (closed || socket) return;
    attempt = 0;
    open();
  }

  function close() {
    closed = true;
    clearTimeout(retry);
    clearTimeout(silence);
    const gone = socket;
    socket = null;
    gone?.close(1000);
    options.onLink('closed');
  }

  retry = setTimeout(open, 0);
  return { send, retryNow, drop, close };
}
