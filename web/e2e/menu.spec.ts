import { expect, test } from './test';
import { SLUG } from './guest';

test('the list of restaurants leads to the menu', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: /The Cookie Jar/ }).click();
  await expect(page).toHaveURL(new RegExp(`/r/${SLUG}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The Cookie Jar');
});

test('every dish shows its price and says something about allergens', async ({ page }) => {
  await page.goto(`/r/${SLUG}`);
  const items = page.getByTestId('menu-item');
  await expect(items.first()).toBeVisible();
  for (const item of await items.all()) {
    await expect(item.getByTestId('menu-price')).toHaveText(/\d|ask/);
    await expect(item.getByTestId('allergens')).not.toBeEmpty();
  }
});

test('an unknown restaurant is explained', async ({ page }) => {
  await page.goto('/r/no-such-place');
  await expect(page.getByRole('heading')).toHaveText('No restaurant at this address');
  await expect(page.getByRole('button', { name: 'All restaurants' })).toBeVisible();
});

test('no page asks a foreign host, breaks its policy or logs an error', async ({ page, baseURL }) => {
  const trouble: string[] = [];
  const host = new URL(baseURL ?? '').host;
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).host !== host)
      trouble.push(request.url());
  });
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  // Swagger UI is not ours to make accessible: the page that axe looks at, the last one, is.
  for (const path of ['/docs', '/', '/admin', `/r/${SLUG}`]) {
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
  }
  expect(trouble).toEqual([]);
});
