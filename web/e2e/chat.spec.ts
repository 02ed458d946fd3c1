import { expect, test } from './test';
import { Guest, QUESTION } from './guest';

test('a guest asks about the cookies and gets an answer', async ({ page }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await guest.ask(QUESTION);
  await expect(guest.answers).toContainText(/cookie/i);
  await guest.answered();
  await expect(guest.questions).toHaveText(QUESTION);
  await guest.agreesWithStore();
});

test('the answer can be seen growing', async ({ page }) => {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const text = document.querySelector('[data-testid="ai-message"]')?.textContent;
      if (text && text !== seen.at(-1)) seen.push(text);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const guest = new Guest(page);
  await guest.arrive();
  await guest.ask(QUESTION);
  await guest.answered();
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen.length).toBeGreaterThan(1);
  seen.slice(1).forEach((text, at) => expect(text.startsWith(seen[at] ?? '')).toBe(true));
  expect(seen.at(-1)).toBe(await guest.answers.textContent());
});

test('a reload shows the conversation again', async ({ page }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await guest.ask(QUESTION);
  await guest.answered();
  const before = await guest.answers.textContent();
  await page.reload();
  await guest.openChat();
  await expect(guest.questions).toHaveText(QUESTION);
  await expect(guest.answers).toHaveText(before ?? '', { useInnerText: false });
  await guest.agreesWithStore();
});

test('two tabs of one guest show the same answer', async ({ context }) => {
  const [one, two] = [new Guest(await context.newPage()), new Guest(await context.newPage())];
  await one.arrive();
  await two.arrive();
  await one.ask(QUESTION);
  await one.answered();
  await two.answered();
  expect(await two.answers.textContent()).toBe(await one.answers.textContent());
  await expect(two.questions).toHaveText(QUESTION);
});

test('a suggestion is asked with one tap', async ({ page }) => {
  const guest = new Guest(page);
  await guest.arrive();
  const chip = page.getByTestId('suggestions').getByRole('button').first();
  const words = await chip.textContent();
  await chip.click();
  await guest.answered();
  await expect(guest.questions).toHaveText(words ?? '');
});

test('it says that an AI answers, and screen readers hear whole sentences, each once', async ({ page }) => {
  const guest = new Guest(page);
  await guest.arrive();
  await expect(page.getByTestId('disclosure')).toContainText(/\bAI\b/);
  const announcer = page.getByTestId('announcer');
  await expect(announcer).toBeEmpty();
  await guest.ask(QUESTION);
  await guest.answered();
  const squeezed = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim();
  await expect
    .poll(async () => squeezed(await announcer.textContent()))
    .toBe(squeezed(await guest.answers.textContent()));
});

test('the chat works by keyboard alone', async ({ page }) => {
  const guest = new Guest(page);
  await page.goto('/r/the-cookie-jar');
  await page.getByTestId('ai-chat-button').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chat-input')).toBeFocused();
  await page.keyboard.type(QUESTION);
  await page.keyboard.press('Enter');
  await guest.answered();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('chat-input')).toHaveCount(0);
  await expect(page.getByTestId('ai-chat-button')).toBeFocused();
});
