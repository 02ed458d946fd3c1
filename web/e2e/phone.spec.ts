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
