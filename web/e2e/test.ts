import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** No breach of WCAG 2.2 AA on what a page shows now. */
export async function accessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(RULES)
    .setLegacyMode()
    .analyze();
  const said = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(said).toEqual([]);
}

/** Every journey ends with a look at accessibility, in whatever state the page is then. */
export const test = base.extend<{ checked: undefined }>({
  checked: [
    async ({ page }, use, info) => {
      await use(undefined);
      if (info.status === 'passed' && page.url() !== 'about:blank') await accessible(page);
    },
    { auto: true },
  ],
});

export { expect };
