import { changeItem } from './admin';
import { Guest, SLUG } from './guest';
import { expect, test } from './test';

test('search forgives a slip, "without" leaves out what may contain it, and a sold-out dish shows without a reload', async ({
  page,
  request,
}) => {
  await page.goto(`/r/${SLUG}`);
  await page.getByTestId('menu-search').fill('snikerdodle');
  const dish = page.getByTestId('menu-item');
  await expect(dish).toHaveCount(1);
  await expect(dish).toContainText('Snickerdoodle');
  await expect(dish.getByTestId('sold-out')).toHaveCount(0);
  await changeItem(request, 'Snickerdoodle', { is_available: false, price: 4.25 });
  await expect(dish.getByTestId('sold-out')).toBeVisible();
  await expect(dish.getByTestId('menu-price')).toHaveText('$4.25');
  await changeItem(request, 'Snickerdoodle', { is_available: true, price: 2.95 });
  await expect(dish.getByTestId('sold-out')).toHaveCount(0);

  await page.getByTestId('menu-search').fill('');
  await page.getByTestId('filter-button').click();
  await page.getByRole('button', { name: 'peanuts' }).click();
  await expect(page.getByTestId('filter-outcome')).toContainText(/left out/);
  for (const text of await page.getByTestId('allergens').allTextContents())
    expect(text).not.toContain('peanuts');
});

test('a dish tells its allergens, "ask about this" gets an answer about it, and an allergy is forgotten only when confirmed', async ({
  page,
}) => {
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

  await guest.ask('I am allergic to peanuts');
  await guest.answered(2);
  const chip = page.getByTestId('profile-chip');
  await expect(chip).toContainText('peanuts');
  await chip.click();
  await page.getByTestId('profile-forget').click();
  await expect(page.getByTestId('profile')).toHaveCount(0);
});

test('what an answer said is corrected plainly when it is no longer true', async ({ page, request }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await guest.ask('How much is the Ginger Molasses?');
  await guest.answered();
  await changeItem(request, 'Ginger Molasses', { price: 6.75 });
  const correction = page.getByTestId('correction');
  await expect(correction).toContainText('What was said above is no longer true');
  await expect(correction).toContainText('6.75');
});

test('markup, links and bidi controls in names and in the chat show as text and run nothing', async ({
  page,
  request,
}) => {
  const hostile = 'I <3 ![x](https://evil.invalid/x.png) javascript:alert(1) &lt;b&gt;';
  const reversed = 'abc\u202egnp.exe\u202c \u2066<img src=https://evil.invalid/y.png onerror=alert(2)>\u2069';
  await changeItem(request, 'Oatmeal Raisin', { description: hostile });
  const trouble: string[] = [];
  page.on('request', (made) => made.url().includes('evil') && trouble.push(made.url()));
  page.on('dialog', (dialog) => {
    trouble.push(dialog.message());
    void dialog.dismiss();
  });
  const guest = new Guest(page);
  await page.goto(`/r/${SLUG}`);
  const dish = page.getByTestId('menu-item').filter({ hasText: 'Oatmeal Raisin' });
  await expect(dish).toContainText(hostile);
  expect(await dish.locator('a, img, script').count()).toBe(0);

  await guest.openChat();
  await guest.ask(reversed + hostile);
  await guest.answered();
  await expect(guest.questions).toHaveText(reversed + hostile);
  // What a bidi control turns around ends with the text that holds it.
  const isolated = await guest.questions.evaluate((shown) => {
    for (let at: Element | null = shown; at && at !== document.body; at = at.parentElement)
      if (/isolate|plaintext/.test(getComputedStyle(at).unicodeBidi)) return true;
    return false;
  });
  expect(isolated).toBe(true);
  for (const text of [guest.questions, guest.answers])
    expect(await text.locator('a, img, script').count()).toBe(0);
  expect(trouble).toEqual([]);
});
