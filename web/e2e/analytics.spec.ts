import type { Browser } from '@playwright/test';
import { asAdmin, openDesk } from './admin';
import { Guest } from './guest';
import { expect, test } from './test';

const SLUG = 'olive-ember';
/** The browser's own name says that it is headless, and robots are not counted. */
const PERSON =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

interface Figures {
  numbers: { metric: string; value: number }[];
}

const visit = async (browser: Browser) =>
  (await browser.newContext({ userAgent: PERSON, serviceWorkers: 'block' })).newPage();

test('what a guest does shows up in the numbers of the restaurant, and nothing of one who does not want it', async ({
  page,
  browser,
  request,
}) => {
  const guest = new Guest(await visit(browser), SLUG);
  const sent = new Set<string>();
  guest.page.on('request', (made) => {
    if (!made.url().endsWith('/analytics/events')) return;
    for (const { type } of made.postDataJSON() as { type: string }[]) sent.add(type);
  });
  await guest.page.goto(`/r/${SLUG}?item=no-dish-of-ours`);
  await guest.page.getByTestId('item-sheet').getByRole('button').first().click();
  await expect(guest.page.getByTestId('item-sheet')).toHaveCount(0);
  await guest.page.getByTestId('menu-search').fill('pizza');
  const searched = guest.page.waitForRequest(
    (made) => made.url().endsWith('/analytics/events') && (made.postData() ?? '').includes('"search"'),
  );
  await searched;
  await guest.page.getByTestId('menu-search').fill('');
  await guest.page.getByRole('button', { name: 'More about Almond Cake' }).first().click();
  await guest.page.getByTestId('ask-about').click();
  await guest.page.getByTestId('suggestions').getByRole('button').first().click();
  await guest.answered();
  await guest.page.getByTestId('close-chat').click();
  await guest.page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await expect(guest.page.getByTestId('menu-search')).toHaveAttribute('placeholder', 'Gericht oder Zutat');
  await guest.page.evaluate(() => window.dispatchEvent(new Event('appinstalled')));
  // The last events go when the page is left.
  await guest.page.goto('about:blank');
  for (const type of ['chat_open', 'language', 'install']) expect(sent).toContain(type);

  const quiet = await visit(browser);
  const told: string[] = [];
  quiet.on('request', (sent) => sent.url().includes('/analytics/events') && told.push(sent.url()));
  await quiet.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
  await quiet.goto(`/r/${SLUG}`);
  await expect(quiet.getByTestId('menu-item').first()).toBeVisible();
  await quiet.goto('about:blank');
  expect(told).toEqual([]);

  const value = async (metric: string) => {
    const answer = await asAdmin(request, 'GET', `/api/v1/chat/${SLUG}/analytics`);
    return ((await answer.json()) as Figures).numbers.find((each) => each.metric === metric)?.value;
  };
  for (const metric of ['event:menu_view', 'event:item_view', 'event:search', 'event:suggestion', 'message'])
    await expect.poll(() => value(metric), { message: metric, timeout: 30_000 }).toBe(1);

  await openDesk(page, `/admin/${SLUG}/analytics`);
  const figure = (name: string) => page.getByTestId('figure').filter({ hasText: name });
  await expect(figure('Menu views')).toContainText('1');
  await expect(figure('Dishes opened')).toContainText('1');
  await expect(page.getByRole('region', { name: 'Asked for in vain' })).toContainText('pizza');
  await figure('Searches').click();
  await expect(page.getByTestId('rows-behind').getByRole('listitem')).toHaveCount(1);
});
