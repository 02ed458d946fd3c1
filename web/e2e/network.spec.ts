import type { Page } from '@playwright/test';
import { expect, test } from './test';
import { Guest, QUESTION } from './guest';

const typeOf = (message: string | Buffer): string => (JSON.parse(String(message)) as { type: string }).type;

/**
 * Lets `tokens` pieces of the first answer through, then cuts the socket; later sockets pass untouched. An answer with
 * fewer pieces is cut before its end.
 */
async function cutAfter(page: Page, tokens: number): Promise<() => number> {
  let sockets = 0;
  await page.routeWebSocket(/\/ws\//, (client) => {
    const server = client.connectToServer();
    if (++sockets > 1) return;
    let left = tokens;
    let cut = false;
    server.onMessage((message) => {
      const type = typeOf(message);
      if (!cut && type !== 'ai_message') client.send(message);
      if (type === 'token') left--;
      if (cut || (left > 0 && type !== 'ai_message')) return;
      cut = true;
      void client.close({ code: 1012 });
      void server.close();
    });
  });
  return () => sockets;
}

for (const tokens of [1, 2, 3]) {
  test(`an answer whose network was cut after piece ${tokens} arrives whole`, async ({ page }) => {
    const sockets = await cutAfter(page, tokens);
    const guest = new Guest(page);
    await guest.arrive();
    await guest.ask(QUESTION);
    await expect(guest.answers).toHaveCount(1);
    await expect.poll(sockets).toBeGreaterThan(1);
    await guest.answered();
    await guest.agreesWithStore();
  });
}

test('what is asked without a network is kept and sent once when it is back', async ({ page, context }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await context.setOffline(true);
  await expect(page.getByTestId('offline')).toBeVisible();
  await guest.ask(QUESTION);
  await expect(page.getByTestId('sending')).toBeVisible();
  await context.setOffline(false);
  await guest.answered();
  await expect(page.getByTestId('offline')).toHaveCount(0);
  await guest.agreesWithStore();
});

test('an answer goes on after the network was away in the middle of it', async ({ page, context }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await guest.ask(QUESTION);
  await expect(guest.answers).toHaveCount(1);
  await context.setOffline(true);
  await expect(page.getByTestId('chat-link')).not.toHaveAttribute('data-link', 'open');
  await context.setOffline(false);
  await guest.answered();
  await guest.agreesWithStore();
});
