import type { Page } from '@playwright/test';
import { ADMIN, asAdmin, changeItem, logIn, openDesk } from './admin';
import { SLUG as OTHER } from './guest';
import { accessible, expect, test } from './test';
import { workbook } from './xlsx';

const SLUG = 'olive-ember';

const CSV = [
  'Titel;Kategorie;Preis;Anmerkung',
  'House Fries;Sides;9,99;',
  'Butter Bun;Sides;3,50;"soft;',
  ' and warm"',
  'Broken;Sides;abc;',
].join('\r\n');

const dish = (page: Page, name: string) =>
  page.getByTestId('admin-item').filter({ has: page.getByLabel(`Name of ${name}`) });

test('an admin signs in, edits a dish and sees it sold out in one tap', async ({ page, request }) => {
  await logIn(page);
  await page.getByRole('link', { name: /Olive & Ember/ }).click();
  const fries = dish(page, 'House Fries');
  await fries.getByTestId('sold-out-toggle').click();
  await expect(fries.getByTestId('sold-out-toggle')).toHaveText('Sold out');
  await fries.getByTestId('sold-out-toggle').click();
  await expect(fries.getByTestId('sold-out-toggle')).toHaveText('Available');
  // Somebody else saves the same field first: it is shown, field by field.
  await fries.getByRole('button', { name: 'Edit House Fries' }).click();
  await changeItem(request, 'House Fries', { price: 4.65 }, SLUG);
  await fries.getByLabel(/^Price \(/).fill('4.75');
  await fries.getByTestId('save-item').click();
  const conflict = page.getByTestId('conflict');
  await expect(conflict.getByTestId('clash')).toContainText('4.65');
  await conflict.getByLabel(/Mine/).check();
  await conflict.getByTestId('settle').click();
  await expect(page.getByLabel('Price of House Fries')).toHaveValue('4.75');
});

test('dishes are put in order by dragging and by keyboard', async ({ page, request }) => {
  const names = async () => {
    const answer = await request.get(`/api/v1/restaurants/${SLUG}/menu`);
    const menu = (await answer.json()) as { categories: { name: string; items: { name: string }[] }[] };
    return menu.categories.find((each) => each.name === 'Starters')?.items.map((item) => item.name);
  };
  await openDesk(page, `/admin/${SLUG}/menu`);
  const [first, second, third, last] = ['Bruschetta', 'Caesar Salad', 'Soup of the Day', 'Oyster Trio'];
  const handle = (name: string) => page.getByRole('button', { name: `Move ${name}`, exact: true });
  await handle(first).hover();
  await page.mouse.down();
  const target = await handle(second).boundingBox();
  await page.mouse.move((target?.x ?? 0) + 10, (target?.y ?? 0) + 40, { steps: 8 });
  await page.mouse.up();
  await expect.poll(names).toEqual([second, first, third, last]);

  await handle(first).focus();
  await page.keyboard.press('Space');
  await expect(handle(first)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await expect.poll(names).toEqual([first, second, third, last]);
});

test('a messy file is mapped, previewed by outcome, confirmed, applied and undone', async ({ page }) => {
  await openDesk(page, `/admin/${SLUG}/import`);
  await page
    .getByTestId('file-input')
    .setInputFiles({ name: 'menu.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await page.getByLabel('What is in Titel').selectOption('name');
  await page.getByLabel('What is in Anmerkung').selectOption('description');
  await page.getByLabel(/Leave out rows with errors/).check();
  await page.getByTestId('upload').click();
  await expect(page.getByTestId('import-ready')).toBeVisible();
  const rows = page.getByTestId('preview-rows');
  await page.getByRole('button', { name: /1 with errors/ }).click();
  await expect(rows).toContainText('The price "abc" is no number');
  await expect(rows).not.toContainText('Butter Bun');
  await page.getByRole('button', { name: /1 changed/ }).click();
  await expect(rows).toContainText('House Fries');
  await expect(rows).not.toContainText('abc');
  await page.getByRole('button', { name: /1 new/ }).click();
  await expect(rows).toContainText('Butter Bun');
  await expect(page.getByTestId('apply')).toBeDisabled();
  for (const stop of await page.getByTestId('safety-stop').getByRole('checkbox').all()) await stop.check();
  await page.getByTestId('apply').click();
  await expect(page.getByTestId('import-applied')).toContainText('1 new, 1 changed');
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('import-undone')).toBeVisible();

  await test.step('a spreadsheet is read in the browser', async () => {
    await page.getByRole('button', { name: 'Another file' }).click();
    const buffer = workbook([
      ['name', 'category', 'price', 'description'],
      ['Fig Tart', 'Desserts', 6.25, 'figs, "honey"; thyme'],
    ]);
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    await page.getByTestId('file-input').setInputFiles({ name: 'menu.xlsx', mimeType, buffer });
    await page.getByTestId('upload').click();
    await expect(page.getByTestId('import-ready')).toContainText('1 change');
    await expect(rows).toContainText('Fig Tart');
    await expect(rows).toContainText('figs, "honey"; thyme');
  });
});

test('a wrong password is refused, and a wrong role sees nothing', async ({ page, request }) => {
  await logIn(page, { email: 'admin@tests.example', password: 'not-the-password' });
  await expect(page.getByTestId('login-error')).toContainText('do not match');
  const who = { email: 'cook@olive.example', password: 'a-long-password-of-a-cook' };
  await asAdmin(request, 'POST', `/api/v1/restaurants/${SLUG}/members`, {
    ...who,
    role: 'viewer',
    name: 'Cook',
  });
  await logIn(page, who);
  await expect(page.getByRole('link', { name: /Olive & Ember/ })).toBeVisible();
  await page.goto(`/admin/${OTHER}/menu`);
  await expect(page.getByRole('heading', { name: 'This desk is not yours' })).toBeVisible();
  await expect(page.getByTestId('admin-item')).toHaveCount(0);
  await page.goto(`/admin/${SLUG}/team`);
  await expect(page.getByRole('heading', { name: 'Menu' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Team' })).toHaveCount(0);
});

test('the desk speaks German to a browser that wants it, and remembers another choice', async ({
  browser,
  request,
}) => {
  const context = await browser.newContext({ locale: 'de-DE', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto('/admin');
  await page.getByLabel('E-Mail').fill(ADMIN.email);
  await page.getByLabel('Passwort').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('link', { name: /Olive & Ember/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Speisekarte');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  const fries = page.getByTestId('admin-item').filter({ has: page.getByLabel('Name von House Fries') });
  await fries.getByRole('button', { name: 'House Fries bearbeiten' }).click();
  await expect(fries.getByTestId('item-editor')).toContainText('Ich habe das Rezept heute geprüft');
  await accessible(page);
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('fr');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Carte');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Carte');
  // What guests see holds nothing of the desk's words.
  const guest = await request.get('/r/olive-ember');
  expect(await guest.text()).not.toContain('assets/admin');
  await context.close();
});
