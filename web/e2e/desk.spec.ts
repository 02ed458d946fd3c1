import { asAdmin, changeItem, logIn } from './admin';
import { SLUG } from './guest';
import { expect, test } from './test';

const CSV = [
  'Titel;Kategorie;Preis;Anmerkung',
  'Chocolate Chip;Classic Cookies;9,99;',
  'Butter Bun;Classic Cookies;3,50;"soft;',
  ' and warm"',
  'Broken;Classic Cookies;abc;',
].join('\r\n');

test('an admin signs in, edits a dish and sees it sold out in one tap', async ({ page, request }) => {
  await logIn(page);
  await page.getByRole('link', { name: /The Cookie Jar/ }).click();
  const dish = page.getByTestId('admin-item').filter({ has: page.getByLabel('Name of Snickerdoodle') });
  await dish.getByTestId('sold-out-toggle').click();
  await expect(dish.getByTestId('sold-out-toggle')).toHaveText('Sold out');
  await dish.getByTestId('sold-out-toggle').click();
  await expect(dish.getByTestId('sold-out-toggle')).toHaveText('Available');
  // Somebody else saves the same field first: it is shown, field by field.
  await dish.getByRole('button', { name: 'Edit Snickerdoodle' }).click();
  await changeItem(request, 'Snickerdoodle', { price: 3.05 });
  await dish.getByLabel(/^Price \(/).fill('3.15');
  await dish.getByTestId('save-item').click();
  const conflict = page.getByTestId('conflict');
  await expect(conflict.getByTestId('clash')).toContainText('3.05');
  await conflict.getByLabel(/Mine/).check();
  await conflict.getByTestId('settle').click();
  await expect(page.getByLabel('Price of Snickerdoodle')).toHaveValue('3.15');
  await changeItem(request, 'Snickerdoodle', { price: 2.95 });
});

test('a messy file is mapped, previewed, confirmed, applied and undone', async ({ page }) => {
  await logIn(page);
  await page.getByRole('link', { name: /The Cookie Jar/ }).click();
  await page.getByRole('link', { name: 'Import' }).click();
  await page
    .getByTestId('file-input')
    .setInputFiles({ name: 'menu.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await page.getByLabel('What is in Titel').selectOption('name');
  await page.getByLabel('What is in Anmerkung').selectOption('description');
  await page.getByLabel(/Leave out rows with errors/).check();
  await page.getByTestId('upload').click();
  await expect(page.getByTestId('import-ready')).toBeVisible();
  await page.getByRole('button', { name: /1 with errors/ }).click();
  await expect(page.getByTestId('preview-rows')).toContainText('The price "abc" is no number');
  await expect(page.getByTestId('apply')).toBeDisabled();
  for (const stop of await page.getByTestId('safety-stop').getByRole('checkbox').all()) await stop.check();
  await page.getByTestId('apply').click();
  await expect(page.getByTestId('import-applied')).toContainText('1 new, 1 changed');
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('import-undone')).toBeVisible();
});

test('a wrong password is refused, and a wrong role sees nothing', async ({ page, request }) => {
  await logIn(page, { email: 'admin@tests.example', password: 'not-the-password' });
  await expect(page.getByTestId('login-error')).toContainText('do not match');
  const who = { email: 'cook@olive.example', password: 'a-long-password-of-a-cook' };
  await asAdmin(request, 'POST', '/api/v1/restaurants/olive-ember/members', {
    ...who,
    role: 'viewer',
    name: 'Cook',
  });
  await logIn(page, who);
  await expect(page.getByRole('link', { name: /Olive & Ember/ })).toBeVisible();
  await page.goto(`/admin/${SLUG}/menu`);
  await expect(page.getByRole('heading', { name: 'This desk is not yours' })).toBeVisible();
  await expect(page.getByTestId('admin-item')).toHaveCount(0);
  await page.goto('/admin/olive-ember/team');
  await expect(page.getByRole('heading', { name: 'Menu' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Team' })).toHaveCount(0);
});
