import { Guest, SLUG } from './guest';
import { expect, test } from './test';

test('the menu can be read without a network', async ({ page, context }) => {
  await page.goto(`/r/${SLUG}`);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  // The first visit is before the worker; the second one is kept.
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect(page.getByTestId('menu-item').first()).toBeVisible();
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByTestId('menu-item').first()).toBeVisible();
  await expect(page.getByTestId('offline-menu')).toBeVisible();
  await context.setOffline(false);
});

test('it can be installed', async ({ page, request }) => {
  await page.goto(`/r/${SLUG}`);
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await request.get(href ?? '')).json()) as {
    display: string;
    icons: { src: string }[];
  };
  expect(manifest.display).toBe('standalone');
  for (const icon of manifest.icons) expect((await request.get(icon.src)).status()).toBe(200);
  await page.evaluate(() => {
    const offer = new Event('beforeinstallprompt', { cancelable: true });
    Object.assign(offer, { prompt: () => Promise.resolve(Object.assign(window, { prompted: true })) });
    window.dispatchEvent(offer);
  });
  await page.getByTestId('install-button').click();
  expect(await page.evaluate(() => 'prompted' in window)).toBe(true);
});

test('a question can be spoken', async ({ page }) => {
  await page.addInitScript(() => {
    class Stub {
      onresult: ((event: unknown) => void) | null = null;
      onend: (() => void) | null = null;
      start() {
        const result = { isFinal: false, 0: { transcript: 'Tell me about your cookies' } };
        setTimeout(() => this.onresult?.({ results: [result] }), 100);
      }
      stop() {
        this.onend?.();
      }
      abort() {}
    }
    Object.assign(window, { SpeechRecognition: Stub });
  });
  const guest = new Guest(page);
  await guest.arrive();
  await page.getByTestId('mic-button').click();
  await expect(page.getByTestId('caption')).toContainText('Tell me about your cookies');
  await page.getByTestId('mic-button').click();
  await guest.answered();
  await expect(guest.questions).toHaveText('Tell me about your cookies');
});

test('the interface speaks the guest’s language', async ({ page }) => {
  await page.goto(`/r/${SLUG}`);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await expect(page.getByTestId('filter-button')).toHaveText(/Filter/);
  await expect(page.getByTestId('ai-chat-button')).toHaveText(/fragen/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
});

test('the conversation goes on on another device', async ({ page, browser }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await guest.ask('Tell me about your cookies');
  await guest.answered();
  const link = `/r/${SLUG}#session=${await guest.session()}`;
  const context = await browser.newContext();
  const other = new Guest(await context.newPage());
  await other.page.goto(link);
  await other.openChat();
  await expect(other.answers).toHaveText((await guest.answers.textContent()) ?? '', { useInnerText: false });
  expect(other.page.url()).not.toContain('session');
  await context.close();
});

test('the widget shows the assistant in a frame and closes again', async ({ page, baseURL }) => {
  await page.route('**/own-site', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><title>Our site</title><main><h1>Our site</h1></main><script src="/widget.js" data-restaurant="${SLUG}"></script>`,
    }),
  );
  await page.goto(`${baseURL}/own-site`);
  await expect
    .poll(() => page.evaluate(() => document.querySelectorAll('body > div[data-side]').length))
    .toBe(1);
});
