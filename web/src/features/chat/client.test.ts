import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import type { ServerFrame } from './frames';
import { createChat, type ChatClient, type ChatOptions } from './client';
import { accepted, M2, SESSION, stored, token, whole } from './testFrames';
import { TestServer } from './testServer';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

let server: TestServer;
let client: ChatClient;

function start(more: Partial<ChatOptions> = {}) {
  client = createChat({
    url: server.url,
    session_id: SESSION,
    loadHistory: () => Promise.resolve([]),
    backoff: { base_ms: 10, cap_ms: 40, spread_ms: 30 },
    WebSocket: NodeSocket as unknown as typeof WebSocket,
    ...more,
  });
}

const turns = () => client.store.getState().chat.turns;
const link = () => client.store.getState().link;

beforeEach(async () => {
  server = new TestServer();
  await server.listening();
});

afterEach(async () => {
  client.close();
  await server.close();
});

describe('asking', () => {
  it('joins first, then sends; the answer streams into the store', async () => {
    server.onFrame = (frame, reply) => {
      if (frame.type !== 'chat_message') return;
      const id = frame.message_id ?? '';
      reply(accepted(id));
      reply(token(1, 'Coo', { id }));
      reply(token(2, 'kies', { id }));
      reply(whole(3, 'Cookies', { message_id: id }));
    };
    start();
    const id = client.ask('what?');
    await until(() => expect(turns()[0]?.answer).toMatchObject({ text: 'Cookies', done: true }));
    expect(server.received[0]?.map((frame) => frame.type)).toEqual(['join', 'chat_message']);
    expect(server.messages).toEqual([
      { type: 'chat_message', message: 'what?', session_id: SESSION, message_id: id },
    ]);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sends an unacknowledged message again with the same id, an acknowledged one not', async () => {
    server.onFrame = (frame, reply, connection) => {
      if (frame.type !== 'chat_message') return;
      if (frame.message === 'lost' && connection === 0) server.sockets[0]?.terminate();
      else reply(accepted(frame.message_id));
    };
    start();
    const kept = client.ask('kept');
    await until(() => expect(turns()[0]?.asked).toBe('accepted'));
    const lost = client.ask('lost');
    await until(() => expect(turns()[1]?.asked).toBe('accepted'));
    expect(server.messages.map((frame) => frame.message_id)).toEqual([kept, lost, lost]);
  });

  it('keeps what was asked without a connection and sends it once', async () => {
    server.onFrame = (frame, reply) => frame.type === 'chat_message' && reply(accepted(frame.message_id));
    start();
    await until(() => expect(link()).toBe('open'));
    client.drop();
    client.ask('while away');
    expect(turns()[0]?.asked).toBe('sending');
    await until(() => expect(turns()[0]?.asked).toBe('accepted'));
    expect(server.messages).toHaveLength(1);
  });

  it('stops from here, and says so again after a cut', async () => {
    server.onFrame = (frame, reply, connection) => {
      if (frame.type === 'chat_message') reply(accepted(frame.message_id));
      if (frame.type !== 'stop') return;
      if (connection === 0) server.sockets[0]?.terminate();
      else reply(whole(1, '', { message_id: frame.message_id, status: 'stopped' }));
    };
    start();
    const id = client.ask('long story');
    await until(() => expect(turns()[0]?.asked).toBe('accepted'));
    client.stop(id);
    await until(() => expect(turns()[0]?.answer).toMatchObject({ done: true, status: 'stopped' }));
    expect(server.received[1]).toContainEqual({ type: 'stop', session_id: SESSION, message_id: id });
  });
});

describe('resuming', () => {
  it('joins behind the last piece after a cut, and the text has no gap and no double', async () => {
    const pieces = ['Try ', 'the ', 'warm ', 'oat ', 'cookie.'];
    const send = (reply: (frame: ServerFrame) => void, id: string, from: number, to: number) => {
      for (let seq = from; seq <= to; seq++) reply(token(seq, pieces[seq - 1] ?? '', { id }));
    };
    let id = '';
    server.onFrame = (frame, reply, connection) => {
      if (frame.type === 'chat_message') {
        id = frame.message_id ?? '';
        reply(accepted(id));
        send(reply, id, 1, 2);
      }
      if (frame.type === 'join' && connection === 1) {
        send(reply, id, (frame.last?.seq ?? 0) + 1, 5);
        reply(whole(6, pieces.join(''), { message_id: id }));
      }
    };
    start();
    client.ask('what?');
    await until(() => expect(turns()[0]?.answer?.seq).toBe(2));
    server.sockets[0]?.terminate();
    await until(() => expect(turns()[0]?.answer?.done).toBe(true));
    expect(server.joins(1)).toEqual([
      { type: 'join', session_id: SESSION, last: { message_id: id, attempt: 1, seq: 2 } },
    ]);
    expect(turns()[0]?.answer).toMatchObject({ text: 'Try the warm oat cookie.', healed: false });
    expect(server.messages).toHaveLength(1);
  });

  it('joins again on the same socket when a piece is missing', async () => {
    server.onFrame = (frame, reply) => {
      if (frame.type === 'chat_message') {
        const id = frame.message_id ?? '';
        [accepted(id), token(1, 'a', { id }), token(3, 'c', { id }), token(4, 'd', { id })].forEach(reply);
      }
      if (frame.type === 'join' && frame.last) {
        const id = frame.last.message_id;
        [token(2, 'b', { id }), token(3, 'c', { id }), token(4, 'd', { id })].forEach(reply);
      }
    };
    start();
    const id = client.ask('what?');
    await until(() => expect(turns()[0]?.answer?.text).toBe('abcd'));
    expect(server.joins(0)).toEqual([
      { type: 'join', session_id: SESSION },
      { type: 'join', session_id: SESSION, last: { message_id: id, attempt: 1, seq: 1 } },
    ]);
  });
});

describe('an answer that falls silent', () => {
  it('is asked for again on the open socket', async () => {
    server.onFrame = (frame, reply) => {
      if (frame.type === 'chat_message')
        [accepted(frame.message_id), token(1, 'a', { id: frame.message_id ?? '' })].forEach(reply);
      if (frame.type === 'join' && frame.last) reply(whole(2, 'a', { message_id: frame.last.message_id }));
    };
    start({ quiet_ms: 30 });
    const id = client.ask('what?');
    await until(() => expect(turns()[0]?.answer?.done).toBe(true));
    expect(server.joins(0).at(-1)?.last).toEqual({ message_id: id, attempt: 1, seq: 1 });
    expect(server.sockets).toHaveLength(1);
    expect(server.messages).toHaveLength(1);
  });

  it('is found in the stored conversation when the socket has nothing', async () => {
    let id = '';
    const loadHistory = () =>
      Promise.resolve(id ? [stored('user', 'what?', id), stored('assistant', 'a', id)] : []);
    server.onFrame = (frame, reply) => {
      if (frame.type === 'chat_message') reply(accepted(frame.message_id));
    };
    start({ quiet_ms: 30, loadHistory });
    await until(() => expect(server.joins(0)).toHaveLength(1));
    id = client.ask('what?');
    await until(() => expect(turns()[0]?.answer).toMatchObject({ text: 'a', done: true }));
  });
});

describe('the connection', () => {
  it('comes back after every cut', async () => {
    start();
    for (let n = 1; n <= 5; n++) {
      await until(() => expect(server.joins(n - 1)).toHaveLength(1));
      server.sockets[n - 1]?.close(n % 2 ? 1012 : 1013);
    }
    await until(() => expect(server.joins(5)).toHaveLength(1));
    expect(link()).toBe('open');
  });

  it('asks a silent server for a sign of life and leaves it when none comes', async () => {
    start({ ping_ms: 20, dead_ms: 20 });
    await until(() => expect(server.received[0]).toContainEqual({ type: 'ping' }));
    await until(() => expect(server.sockets.length).toBeGreaterThan(1));
  });

  it('stays with a server that answers its pings', async () => {
    server.onFrame = (frame, reply) => frame.type === 'ping' && reply({ type: 'pong' });
    start({ ping_ms: 5, dead_ms: 2000 });
    const pings = () => (server.received[0] ?? []).filter((frame) => frame.type === 'ping').length;
    await until(() => expect(pings()).toBeGreaterThan(5));
    expect(server.sockets).toHaveLength(1);
  });

  it('is not bothered by frames that are none', async () => {
    start();
    await until(() => expect(server.joins(0)).toHaveLength(1));
    for (const junk of [
      '{',
      'null',
      '[]',
      '{"type":"token"}',
      '{"type":"new_thing"}',
      '{"type":"__proto__"}',
    ])
      server.sockets[0]?.send(junk);
    server.sockets[0]?.send(Buffer.from([1, 2, 3]));
    server.sockets[0]?.send(JSON.stringify({ type: 'menu_updated', menu_version: 99 }));
    await until(() => expect(client.store.getState().chat.menu_version).toBe(99));
    expect(server.sockets).toHaveLength(1);
  });

  it('opens nothing after close', async () => {
    start({ backoff: { base_ms: 1, cap_ms: 1, spread_ms: 1 } });
    await until(() => expect(server.joins(0)).toHaveLength(1));
    const gone = new Promise((done) => server.sockets[0]?.once('close', done));
    client.close();
    client.retryNow();
    await gone;
    expect(link()).toBe('closed');
    expect(server.sockets).toHaveLength(1);
  });
});

describe('the conversation so far', () => {
  it('is read at the start and again after each return', async () => {
    const loadHistory = vi.fn(() => Promise.resolve([stored('user', 'q'), stored('assistant', 'a')]));
    start({ loadHistory });
    await until(() => expect(turns()[0]).toMatchObject({ question: 'q', answer: { text: 'a' } }));
    await until(() => expect(link()).toBe('open'));
    server.sockets[0]?.terminate();
    await until(() => expect(loadHistory).toHaveBeenCalledTimes(2));
  });

  it('is read again when another device asks', async () => {
    let asked_elsewhere = false;
    const loadHistory = vi.fn(() =>
      Promise.resolve(asked_elsewhere ? [stored('user', 'from my phone', M2)] : []),
    );
    start({ loadHistory });
    await until(() => expect(server.joins(0)).toHaveLength(1));
    asked_elsewhere = true;
    server.sockets[0]?.send(JSON.stringify(token(1, 'x', { id: M2 })));
    await until(() => expect(turns()[0]).toMatchObject({ question: 'from my phone', answer: { text: 'x' } }));
    expect(loadHistory).toHaveBeenCalledTimes(2);
  });

  it('says when it could not be read', async () => {
    start({ loadHistory: () => Promise.reject(new Error('down')) });
    await until(() => expect(client.store.getState().history_failed).toBe(true));
  });
});
