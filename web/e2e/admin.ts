import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { SLUG } from './guest';

export const ADMIN = {
  email: process.env.ADMIN_EMAIL ?? 'admin@tests.example',
  password: process.env.ADMIN_PASSWORD ?? 'only-for-tests-only-for-tests',
};

interface Item {
  id: string;
  name: string;
  etag: string;
}

/** Signed in once for all tests of a worker; what they need to prepare goes through the api. */
let token: Promise<string> | undefined;

async function signIn(request: APIRequestContext): Promise<string> {
  const response = await request.post('/api/v1/auth/login', { data: ADMIN });
  expect(response.status()).toBe(200);
  return ((await response.json()) as { access_token: string }).access_token;
}

export async function asAdmin(
  request: APIRequestContext,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT',
  path: string,
  data?: object,
) {
  token ??= signIn(request);
  const authorization = `Bearer ${await token}`;
  const send = () => request.fetch(path, { method, headers: { authorization }, ...(data && { data }) });
  let response = await send();
  // A broker that is busy is asked again, as clients do.
  for (let left = 5; response.status() === 503 && left > 0; left--) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    response = await send();
  }
  expect([200, 201, 202]).toContain(response.status());
  return response;
}

export async function itemNamed(request: APIRequestContext, name: string, slug = SLUG): Promise<Item> {
  const menu = (await (await request.get(`/api/v1/restaurants/${slug}/menu`)).json()) as {
    categories: { items: Item[] }[];
  };
  const item = menu.categories.flatMap((category) => category.items).find((each) => each.name === name);
  if (!item) throw new Error(`no dish ${name}`);
  return item;
}

export const changeItem = async (request: APIRequestContext, name: string, change: object, slug = SLUG) =>
  asAdmin(request, 'PATCH', `/api/v1/menu/items/${(await itemNamed(request, name, slug)).id}`, change);

/** Opens a page of the desk as somebody who is signed in already; a refresh token is good once, so each page gets its own. */
export async function openDesk(page: Page, path: string) {
  const response = await page.request.post('/api/v1/auth/login', { data: ADMIN });
  const { refresh_token } = (await response.json()) as { refresh_token: string };
  await page.addInitScript((token) => {
    if (sessionStorage.getItem('signed-in')) return;
    sessionStorage.setItem('signed-in', 'yes');
    localStorage.setItem('admin:refresh', token);
  }, refresh_token);
  await page.goto(path);
}

/** By the form, as people do. */
export async function logIn(page: Page, who = ADMIN) {
  await page.goto('/admin');
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
