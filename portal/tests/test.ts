/** What every test of the pages begins with: the running app, a tenant of its own, and ways to sign in and to look. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { test as bare, expect, type Page } from '@playwright/test';
import { CHROMIUM, MISSING } from './browser';
import { type Stack, startStack } from './stack';
import { type Role, Tenant } from './tenant';

interface Fixtures {
  hasBrowser: undefined;
  tenant: Tenant;
  /** Opens a page as somebody of this test's tenant. */
  openAs: (role: Role, path: string, options?: { name?: string; page?: Page; tenant?: string }) => Promise<Page>;
}

export const test = bare.extend<Fixtures, { stack: Stack }>({
  hasBrowser: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
    async ({}, use, testInfo) => {
      testInfo.skip(CHROMIUM === undefined, MISSING);
      await use(undefined);
    },
    { auto: true },
  ],
  stack: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ stack }, use) => {
    await use(stack.url);
  },
  tenant: async ({ stack, request }, use) => {
    await use(new Tenant(stack, request));
  },
  openAs: async ({ page, tenant }, use) => {
    await use(async (role, path, options = {}) => {
      const tab = options.page ?? page;
      await become(tab, role, options.tenant ?? tenant.id, options.name);
      await tab.goto(`${tenant.stack.url}${path}`);
      return tab;
    });
  },
});

export { expect };

/** Signs a tab in before it loads anything, as the sign-in page would have. */
async function become(page: Page, role: Role, tenant: string, name = 'ada@contoso.example'): Promise<void> {
  await page.addInitScript(
    (person) => {
      if (sessionStorage.getItem('test.became') !== null) return;
      sessionStorage.setItem('test.became', 'yes');
      sessionStorage.setItem('autoclaim.person', JSON.stringify(person));
    },
    { role, name, tenant },
  );
}

/**
 * Nothing on the page, or `within` what this selector names, keeps people from using it with a keyboard or a screen
 * reader, as far as axe can tell.
 */
export async function expectAccessible(page: Page, within = 'html'): Promise<void> {
  // Fluent's own stepping stones at a dialog's edges: hidden, and they hand the focus on at once.
  const { violations } = await new AxeBuilder({ page }).include(within).exclude('[data-tabster-dummy]').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
}

/** The page is as wide as the window: nobody has to scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(excess).toBeLessThanOrEqual(0);
}

const LOOKS = fileURLToPath(new URL('../../.local/portal-looks/', import.meta.url));
const DOCS = fileURLToPath(new URL('../../docs/portal/', import.meta.url));
const WIDTHS = [360, 1024, 1920] as const;

/**
 * Pictures of the page as it is, at three widths, for whoever wants to look: .local/portal-looks.
 * With SCREENSHOTS=1 (`npm run screenshots`) also the one in docs/portal, unless it is not for the documents.
 */
export async function look(page: Page, name: string, { forDocuments = true } = {}): Promise<void> {
  mkdirSync(LOOKS, { recursive: true });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: `${LOOKS}${name}-${width.toString()}.png`, animations: 'disabled' });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  if (forDocuments && process.env.SCREENSHOTS === '1') {
    mkdirSync(DOCS, { recursive: true });
    await page.screenshot({ path: `${DOCS}${name}.png`, animations: 'disabled' });
  }
}
