import type { Page } from '@playwright/test';
import { expect, test } from './test';
import { Guest, QUESTION } from './guest';

const typeOf = (message: string | Buffer): string => (JSON.parse(String(message)) as { type: string }).type;

/**
 * Cuts a socket for each of `cuts`: after so many pieces of an answer, or before the end of an answer with fewer pieces. Later sockets pass
 * untouched.
 */
async function cutAfter(page: Page, cuts: number[]): Promise<() => number> {
  let sockets = 0;
  await page.routeWebSocket(/\/ws\//, (client) => {
    const server = client.connectToServer();
    let left = cuts[sockets++] ?? Infinity;
    let cut = false;
    server.onMessage((message) => {
      const type = typeOf(message);
      if (!cut && (type !== 'ai_message' || left === Infinity)) client.send(message);
      if (type === 'token') left--;
      if (cut || (left > 0 && (type !== 'ai_message' || left === Infinity))) return;
      cut = true;
      void client.close({ code: 1012 });
      void server.close();
    });
  });
  return () => sockets;
}

test('an answer whose network was cut after its first, second and third piece arrives whole each time', async ({
  page,
}) => {
  const cuts = [1, 2, 3];
  const sockets = await cutAfter(page, cuts);
  const guest = new Guest(page);
  await guest.arrive();
  for (const at of cuts) {
    await guest.ask(`${QUESTION}, part ${at}`);
    await expect.poll(sockets).toBeGreaterThan(at);
    await guest.answered(at);
    await guest.agreesWithStore(at);
  }
});

test('what is asked without a network is sent once when it is back, and an answer goes on after it was away', async ({
  page,
  context,
}) => {
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

  await guest.ask('And what is in the oatmeal ones?');
  await expect(guest.answers).toHaveCount(2);
  await context.setOffline(true);
  await expect(page.getByTestId('chat-link')).not.toHaveAttribute('data-link', 'open');
  await context.setOffline(false);
  await guest.answered(2);
  await guest.agreesWithStore(2);
});
