import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getJson, HttpError } from './http';

let server: Server;
let base: string;

const answers: Record<string, [number, string, string]> = {
  '/fine': [200, 'application/json', '{"a":1}'],
  '/gone': [404, 'application/problem+json', '{"type":"about:blank","title":"Not Found","status":404}'],
  '/invalid': [
    422,
    'application/problem+json',
    '{"type":"about:blank","title":"Invalid","status":422,"detail":"limit: above the maximum"}',
  ],
  '/broken': [502, 'text/html', '<h1>stack trace</h1>'],
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (!answer) return; // never answers
    response.writeHead(answer[0], { 'content-type': answer[1], 'x-total-count': '7' }).end(answer[2]);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function failure(path: string): Promise<HttpError> {
  const error: unknown = await getJson(path).catch((cause: unknown) => cause);
  if (!(error instanceof HttpError)) throw new Error('no HttpError');
  return error;
}

describe('getJson', () => {
  it('gives data and headers', async () => {
    const { data, headers } = await getJson<{ a: number }>(`${base}/fine`);
    expect(data).toEqual({ a: 1 });
    expect(headers.get('x-total-count')).toBe('7');
  });

  it('keeps the status and says what to do', async () => {
    const error = await failure(`${base}/gone`);
    expect(error.status).toBe(404);
    expect(error.message).toMatch(/Check it, or start from the list/);
  });

  it('passes on what the server says of a refused request, and nothing of a broken one', async () => {
    expect((await failure(`${base}/invalid`)).message).toBe('limit: above the maximum');
    expect((await failure(`${base}/broken`)).message).toBe(
      'The kitchen is not answering right now. Try again in a moment.',
    );
  });

  it('explains a server that is not there', async () => {
    const error = await failure('http://127.0.0.1:9/');
    expect(error.status).toBe(0);
    expect(error.message).toMatch(/Check your network/);
  });

  it('gives up with its caller', async () => {
    const caller = new AbortController();
    const waiting = getJson(`${base}/silent`, caller.signal).catch((error: unknown) => error);
    caller.abort();
    expect(await waiting).toMatchObject({ name: 'AbortError' });
  });
});
