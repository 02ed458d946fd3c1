// Writes web/screenshots/: the main views of a running platform (BASE_URL), small enough for a README.
import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'screenshots');
const base = process.env.BASE_URL ?? 'http://127.0.0.1:3000';
const MENU = '/r/the-cookie-jar';
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** What somebody's spreadsheet may hold: new, changed, and wrong. */
const MESSY = [
  'Dish;Category;Price;Description;Contains',
  'Chocolate Chip;Classic Cookies;3,50;;',
  'Apricot Shortbread;Classic Cookies;3,20;Butter, apricots and a pinch of salt.;gluten|milk',
  'Maple Bacon;Signature Cookies;4,50;;',
  'Sourdough Rye;Classic Cookies;cheap;;gluten',
].join('\r\n');

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

/** The browser's own name says that it is headless, and robots are not counted: the analytics would be empty. */
const PERSON =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

async function view(viewport, colorScheme, path, steps) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale: 'en-US',
    reducedMotion: 'reduce',
    userAgent: PERSON,
  });
  const page = await context.newPage();
  await page.goto(base + path);
  const shoot = async (name) => {
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 78 });
  };
  await steps(page, shoot);
  await context.close();
}

const menu = (page) => page.getByTestId('menu-item').first().waitFor();

async function chat(page) {
  await page.getByTestId('ai-chat-button').click();
  await page.getByTestId('chat-input').fill('I am allergic to peanuts. What can I have?');
  await page.getByTestId('send-button').click();
  await page.getByTestId('thumb-up').first().waitFor({ timeout: 60_000 });
}

await view(DESKTOP, 'light', MENU, async (page, shoot) => {
  await menu(page);
  await shoot('menu-desktop');
  await page.getByRole('button', { name: 'More about Chocolate Chip' }).first().click();
  await page.getByTestId('allergen-panel').waitFor();
  await shoot('dish-desktop');
});
await view(PHONE, 'dark', MENU, async (page, shoot) => {
  await menu(page);
  await shoot('menu-phone-dark');
  await chat(page);
  await shoot('assistant-phone-dark');
});
await view(PHONE, 'light', MENU, async (page, shoot) => {
  await menu(page);
  await shoot('menu-phone');
});
await view(DESKTOP, 'light', '/admin', async (page, shoot) => {
  await page.getByLabel('E-mail').fill(process.env.ADMIN_EMAIL ?? '');
  await page.getByLabel('Password').fill(process.env.ADMIN_PASSWORD ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: /The Cookie Jar/ }).click();
  await page.getByTestId('admin-item').first().waitFor();
  await shoot('desk-menu');
  await page.getByRole('link', { name: 'Assistant' }).click();
  await page.getByTestId('preview-chat').waitFor();
  await shoot('desk-assistant');
  await page.getByRole('link', { name: 'Conversations' }).click();
  await page.getByTestId('conversation').first().click();
  await page.getByTestId('conversation-view').waitFor();
  await shoot('desk-conversations');
  await page.getByRole('link', { name: 'Analytics' }).click();
  await page.getByTestId('figure').first().waitFor();
  await shoot('desk-analytics');
  await page.getByRole('link', { name: 'Import' }).click();
  await page
    .getByTestId('file-input')
    .setInputFiles({ name: 'menu.csv', mimeType: 'text/csv', buffer: Buffer.from(MESSY) });
  await page.getByLabel(/Leave out rows with errors/).check();
  await page.getByTestId('upload').click();
  await page.getByTestId('import-ready').waitFor();
  await shoot('desk-import');
});
await browser.close();
