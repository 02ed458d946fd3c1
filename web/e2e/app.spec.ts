import { SLUG } from './guest';
import { expect, test } from './test';

test.use({ serviceWorkers: 'allow' });

test('the menu can be read without a network, the app can be installed, and a new version is offered', async ({
  page,
  context,
  request,
}) => {
  await page.goto(`/r/${SLUG}`);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  // The first visit is before the worker; the second one is kept.
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect(page.getByTestId('menu-item').first()).toBeVisible();

  await test.step('installed', async () => {
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

  await test.step('offline', async () => {
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByTestId('menu-item').first()).toBeVisible();
    await expect(page.getByTestId('offline-menu')).toBeVisible();
    await context.setOffline(false);
  });

  await test.step('a new version waits until it is wanted', async () => {
    await page.reload();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    // The page begins to look for versions a moment after it is there; another address of the worker is another version of it.
    await expect
      .poll(async () => {
        await page.evaluate(() => navigator.serviceWorker.register(`/sw.js?next=${Date.now()}`));
        return page.getByTestId('update-prompt').count();
      })
      .toBe(1);
    const reloaded = page.waitForEvent('load');
    await page.getByTestId('update-prompt').getByRole('button').first().click();
    await reloaded;
    await expect(page.getByTestId('menu-item').first()).toBeVisible();
    await expect(page.getByTestId('update-prompt')).toHaveCount(0);
  });
});
