import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asAdmin } from './admin';
import { QUESTION, SLUG } from './guest';
import { expect, test } from './test';

/** A restaurant's own site, on an origin of its own, with styles that want to get into everything. */
function ownSite(api: string): Promise<Server> {
  const page = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Our site</title>
<style>* { color: rgb(1, 2, 3) !important; font-size: 7px !important } div, iframe, button { display: none !important; position: static !important }</style>
<main><h1>Our site</h1></main><script src="${api}/widget.js" data-restaurant="${SLUG}" data-label="Ask Crumb"></script></html>`;
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(page));
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** The widget's shadow root is closed, to us too. */
function openShadow() {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    return attach.call(this, { ...init, mode: 'open' });
  };
}

const originOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test('the widget opens on the restaurant’s own site, answers, closes, and keeps out of other sites', async ({
  page,
  request,
  baseURL,
}) => {
  const api = baseURL ?? '';
  const [own, foreign] = [await ownSite(api), await ownSite(api)];
  await asAdmin(request, 'PUT', `/api/v1/restaurants/${SLUG}`, { allowed_origins: [originOf(own)] });
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));

  await page.addInitScript(openShadow);
  await page.goto(originOf(own));
  const button = page.getByRole('button', { name: 'Ask Crumb' });
  await expect(button).toBeVisible();
  expect(await button.evaluate((made) => getComputedStyle(made).color)).not.toBe('rgb(1, 2, 3)');
  await button.click();
  const chat = page.frameLocator('iframe');
  await chat.getByTestId('chat-input').fill(QUESTION);
  await chat.getByTestId('send-button').click();
  await expect(chat.getByTestId('ai-message')).toContainText(/cookie/i);
  await expect(chat.getByTestId('stop-button')).toHaveCount(0);
  expect(problems).toEqual([]);
  await chat.getByTestId('close-chat').click();
  await expect(page.locator('iframe')).toBeHidden();
  await expect(button).toBeFocused();
  await button.click();
  await expect(chat.getByTestId('ai-message')).toHaveCount(1);

  await test.step('a site that is not on the list gets neither the page nor the socket', async () => {
    await page.goto(originOf(foreign));
    await page.getByRole('button', { name: 'Ask Crumb' }).click();
    await expect.poll(() => problems.join(' ')).toContain('frame-ancestors');
    await expect(chat.getByTestId('chat-input')).toHaveCount(0);
    const opened = (origin: string) =>
      page.evaluate(
        (url) =>
          new Promise<boolean>((resolve) => {
            const socket = new WebSocket(url);
            socket.onopen = () => resolve(true);
            socket.onerror = () => resolve(false);
          }),
        `${origin.replace('http', 'ws')}/ws/${SLUG}`,
      );
    expect(await opened(api)).toBe(false);
    await page.goto(originOf(own));
    expect(await opened(api)).toBe(true);
  });
  own.close();
  foreign.close();
});
