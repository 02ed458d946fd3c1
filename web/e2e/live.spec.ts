import { changeItem } from './admin';
import { Guest, SLUG } from './guest';
import { expect, test } from './test';

test('sold out and a new price show up without a reload', async ({ page, request }) => {
  await page.goto(`/r/${SLUG}`);
  const dish = page.getByTestId('menu-item').filter({ hasText: 'Snickerdoodle' });
  await expect(dish.getByTestId('sold-out')).toHaveCount(0);
  await changeItem(request, 'Snickerdoodle', { is_available: false, price: 4.25 });
  await expect(dish.getByTestId('sold-out')).toBeVisible();
  await expect(dish.getByTestId('menu-price')).toHaveText('$4.25');
  await changeItem(request, 'Snickerdoodle', { is_available: true, price: 2.95 });
  await expect(dish.getByTestId('sold-out')).toHaveCount(0);
});

test('search forgives a slip, and "without" leaves out what may contain it', async ({ page }) => {
  await page.goto(`/r/${SLUG}`);
  await page.getByTestId('menu-search').fill('snikerdodle');
  await expect(page.getByTestId('menu-item')).toHaveCount(1);
  await expect(page.getByTestId('menu-item')).toContainText('Snickerdoodle');
  await page.getByTestId('menu-search').fill('');
  await page.getByTestId('filter-button').click();
  await page.getByRole('button', { name: 'peanuts' }).click();
  await expect(page.getByTestId('filter-outcome')).toContainText(/left out/);
  for (const dish of await page.getByTestId('menu-item').all())
    await expect(dish.getByTestId('allergens')).not.toContainText('peanuts');
});

test('a dish tells its allergens, and "ask about this" gets an answer about it', async ({ page }) => {
  const guest = new Guest(page);
  await page.goto(`/r/${SLUG}`);
  await page.getByRole('button', { name: 'More about Chocolate Chip' }).first().click();
  const sheet = page.getByTestId('item-sheet');
  await expect(sheet.getByTestId('allergen-panel')).toContainText('gluten');
  await expect(sheet.getByTestId('allergen-panel')).toContainText(/reviewed on/i);
  await sheet.getByTestId('ask-about').click();
  await expect(page.getByTestId('topic')).toContainText('Chocolate Chip');
  await page.getByRole('button', { name: 'Which allergens are in the Chocolate Chip?' }).click();
  await guest.answered();
  await expect(guest.answers).toContainText(/contains/i);
  await expect(guest.answers).toContainText(/gluten/i);
  await page.getByTestId('why-button').click();
  await expect(page.getByTestId('sources')).toContainText('contains gluten');
  await page.getByTestId('thumb-down').click();
  await page.getByRole('button', { name: 'Did not help' }).click();
  await expect(page.getByText('the restaurant will see this')).toBeVisible();
});

test('what the guest told about an allergy is shown, and forgotten only when confirmed', async ({ page }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await guest.ask('I am allergic to peanuts');
  await guest.answered();
  const chip = page.getByTestId('profile-chip');
  await expect(chip).toContainText('peanuts');
  await chip.click();
  await page.getByTestId('profile-forget').click();
  await expect(page.getByTestId('profile')).toHaveCount(0);
});

test('markup, links and bidi controls in a menu show as text and run nothing', async ({ page, request }) => {
  const hostile = 'I <3 ![x](https://evil.invalid/x.png) javascript:alert(1) &lt;b&gt;';
  await changeItem(request, 'Oatmeal Raisin', { description: hostile });
  const foreign: string[] = [];
  page.on('request', (made) => made.url().includes('evil') && foreign.push(made.url()));
  page.on('dialog', (dialog) => void foreign.push(dialog.message()));
  await page.goto(`/r/${SLUG}`);
  const dish = page.getByTestId('menu-item').filter({ hasText: 'Oatmeal Raisin' });
  await expect(dish).toContainText(hostile);
  expect(await dish.locator('a, img, script').count()).toBe(0);
  expect(foreign).toEqual([]);
});
