import { expect, test } from './test';
import { Guest, QUESTION } from './guest';

test('on a phone the chat fills the screen and nothing scrolls sideways', async ({ page }) => {
  const guest = new Guest(page);
  await page.goto('/r/the-cookie-jar');
  await expect(page.getByTestId('menu-item').first()).toBeVisible();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);

  // A dish's allergens are never cut off.
  const cut = await page.getByTestId('allergens').evaluateAll((all) =>
    all.flatMap((note) => {
      const edge = note.getBoundingClientRect().right + 1;
      return [...note.querySelectorAll('span')]
        .filter((word) => word.getBoundingClientRect().right > edge)
        .map((word) => word.textContent);
    }),
  );
  expect(cut).toEqual([]);

  await guest.openChat();
  const sheet = page.getByRole('dialog');
  await expect.poll(async () => (await sheet.boundingBox())?.width).toBe(390);
  await expect.poll(async () => (await sheet.boundingBox())?.height).toBe(844);
  await guest.ask(QUESTION);
  await guest.answered();
  await expect(page.getByTestId('send-button')).toBeInViewport();
  await guest.agreesWithStore();

  await page.getByTestId('close-chat').click();
  await expect(page.getByTestId('menu-item').first()).toBeVisible();
});

/** Sums up how far things moved that nobody moved. */
function watchShifts() {
  Object.assign(window, { shifted: 0 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    })[])
      if (!entry.hadRecentInput) (window as unknown as { shifted: number }).shifted += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
}

test('the page comes without a jolt, and a jump to a category lands there, however early', async ({
  page,
}) => {
  await page.addInitScript(watchShifts);
  await page.goto('/r/the-cookie-jar');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The Cookie Jar');
  const last = page.getByRole('navigation', { name: 'Categories' }).getByRole('link').last();
  await last.click();
  const heading = page.getByRole('heading', { level: 2, name: (await last.textContent()) ?? '' });
  const top = async () => (await heading.boundingBox())?.y ?? -1;
  await expect.poll(top).toBeLessThan(200);
  expect(await top()).toBeGreaterThan(0);
  const dishes = await page.getByTestId('menu-item').count();
  await page.waitForLoadState('networkidle');
  expect(await page.getByTestId('menu-item').count()).toBe(dishes);
  expect(await top()).toBeLessThan(200);
  expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBeLessThan(0.05);

  await page.goto(`/r/the-cookie-jar${await last.getAttribute('href')}`);
  await page.reload();
  await expect.poll(top).toBeLessThan(200);
  expect(await top()).toBeGreaterThan(0);
});
