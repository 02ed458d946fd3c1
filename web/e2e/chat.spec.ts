import { expect, test } from './test';
import { Guest, QUESTION } from './guest';

/** Keeps every state of the first answer that was on the screen. */
function watchGrowth() {
  const seen: string[] = [];
  Object.assign(window, { seen });
  new MutationObserver(() => {
    const text = document.querySelector('[data-testid="ai-message"]')?.textContent;
    if (text && text !== seen.at(-1)) seen.push(text);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

const squeezed = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim();

test('a guest asks: the answer grows, is announced by sentences, and is the same in another tab, after a reload and on another device', async ({
  page,
  context,
  browser,
}) => {
  const guest = new Guest(page);
  const tab = new Guest(await context.newPage());
  const announcer = page.getByTestId('announcer');
  await page.addInitScript(watchGrowth);
  await tab.arrive();
  await guest.arrive();

  await test.step('it says that an AI answers', async () => {
    await expect(page.getByTestId('disclosure')).toContainText(/\bAI\b/);
    await expect(announcer).toBeEmpty();
  });
  await guest.ask(QUESTION);
  await expect(guest.answers).toContainText(/cookie/i);
  await guest.answered();
  await expect(guest.questions).toHaveText(QUESTION);
  await guest.agreesWithStore();
  const answer = (await guest.answers.textContent()) ?? '';

  await test.step('the answer was seen growing', async () => {
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(seen.length).toBeGreaterThan(1);
    seen.slice(1).forEach((text, at) => expect(text.startsWith(seen[at] ?? '')).toBe(true));
    expect(seen.at(-1)).toBe(answer);
  });
  await test.step('screen readers hear whole sentences, each once', () =>
    expect.poll(async () => squeezed(await announcer.textContent())).toBe(squeezed(answer)));
  await test.step('another tab shows the same', async () => {
    await tab.answered();
    expect(await tab.answers.textContent()).toBe(answer);
    await expect(tab.questions).toHaveText(QUESTION);
    await tab.page.close();
  });
  await test.step('another device with the link shows the same', async () => {
    const other = await browser.newContext();
    const device = new Guest(await other.newPage());
    await device.page.goto(`/r/${guest.slug}#session=${await guest.session()}`);
    await device.openChat();
    await expect(device.answers).toHaveText(answer, { useInnerText: false });
    expect(device.page.url()).not.toContain('session');
    await other.close();
  });
  await test.step('a reload shows it again', async () => {
    await page.reload();
    await guest.openChat();
    await expect(guest.questions).toHaveText(QUESTION);
    await expect(guest.answers).toHaveText(answer, { useInnerText: false });
    await guest.agreesWithStore();
  });
});

test('a suggestion is asked with one tap, and the chat works by keyboard alone', async ({ page }) => {
  const guest = new Guest(page);
  await page.goto(`/r/${guest.slug}`);
  await page.getByTestId('ai-chat-button').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chat-input')).toBeFocused();
  await page.keyboard.type(QUESTION);
  await page.keyboard.press('Enter');
  await guest.answered();

  const chip = page.getByTestId('suggestions').getByRole('button').first();
  const words = (await chip.textContent()) ?? '';
  await chip.click();
  await guest.answered(2);
  await expect(guest.questions).toHaveText([QUESTION, words]);

  await page.getByTestId('chat-input').focus();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('chat-input')).toHaveCount(0);
  await expect(page.getByTestId('ai-chat-button')).toBeFocused();
});
