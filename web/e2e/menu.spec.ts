import { expect, test } from './test';
import { SLUG } from './guest';

test('the list of restaurants leads to a menu with prices and allergens, in the guest’s language', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByRole('link', { name: /The Cookie Jar/ }).click();
  await expect(page).toHaveURL(new RegExp(`/r/${SLUG}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The Cookie Jar');

  const items = page.getByTestId('menu-item');
  await expect(items.first()).toBeVisible();
  const told = await items.evaluateAll((all) =>
    all.map((item) =>
      ['menu-price', 'allergens'].map((id) => item.querySelector(`[data-testid="${id}"]`)?.textContent),
    ),
  );
  for (const [price, allergens] of told) {
    expect(price).toMatch(/\d|ask/);
    expect(allergens).toBeTruthy();
  }

  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await expect(page.getByTestId('filter-button')).toHaveText(/Filter/);
  await expect(page.getByTestId('ai-chat-button')).toHaveText(/fragen/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
});

test('no page asks a foreign host, breaks its policy or logs an error, and an unknown restaurant is explained', async ({
  page,
  baseURL,
}) => {
  const trouble: string[] = [];
  const host = new URL(baseURL ?? '').host;
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).host !== host)
      trouble.push(request.url());
  });
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  // Swagger UI is not ours to make accessible: axe looks at the last page.
  for (const path of ['/docs', '/', '/admin', `/r/${SLUG}`]) {
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
  }
  expect(trouble).toEqual([]);
  await page.goto('/r/no-such-place');
  await expect(page.getByRole('heading')).toHaveText('No restaurant at this address');
  await expect(page.getByRole('button', { name: 'All restaurants' })).toBeVisible();
});
