/** How every page looks besides at its best: in the dark, while nothing has come yet, and when nothing comes. */
import { SAMPLE_TENANT } from './tenant';
import { expect, expectAccessible, look, test } from './test';

const SAMPLE_MILLISECONDS = 180_000;

/** A page, and what is on it once it has been read. */
const PAGES = [
  ['products', '/licenses/products', 'button', /^Office 365 E3/],
  ['policies', '/licenses/policies', 'link', 'Teams for everyone'],
  ['pane', '/licenses/policies', 'link', 'Teams for everyone'],
  ['apps', '/licenses/apps', 'button', /^Microsoft Teams/],
  ['wizard', '/licenses/policies/new', 'textbox', /name/i],
  ['report', '/report', 'table', 'Who claimed'],
  ['users', '/users?q=a', 'list', 'Users'],
  ['user', '', 'list', 'Licenses'],
  ['audit', '/audit', 'listitem', undefined],
  ['settings', '/settings', 'switch', undefined],
  ['health', '/health', 'button', 'Check now'],
] as const;

test.describe('in the dark, with 90 days of history', () => {
  test.use({ colorScheme: 'dark' });

  for (const [name, path, role, accessibleName] of PAGES) {
    test(name, async ({ openAs, stack }) => {
      test.setTimeout(SAMPLE_MILLISECONDS);
      await stack.sample();
      const page = await openAs('User Administrator', path === '' ? '/users?q=a' : path, { tenant: SAMPLE_TENANT });
      if (name === 'user') await page.getByRole('list', { name: 'Users' }).getByRole('link').first().click();
      const content = page.getByRole('main').getByRole(role, { ...(accessibleName && { name: accessibleName }) });
      await expect(content.first()).toBeVisible();
      if (name === 'pane') {
        await content.first().click();
        await expect(page.getByRole('dialog').getByRole('switch')).toBeVisible();
      }
      await expectAccessible(page);
      await look(page, `dark-${name}`, { forDocuments: false });
    });
  }
});

for (const [name, path] of PAGES.filter(([each]) => each !== 'pane' && each !== 'user')) {
  test(`${name}: while it is read, and when it cannot be`, async ({ openAs, page }) => {
    const answer: { now: boolean; done?: () => void } = { now: false };
    const coming = new Promise<void>((resolve) => {
      answer.done = resolve;
    });
    await page.route(/\/api\//, async (route) => {
      if (!answer.now) await coming;
      await route.fulfill({ status: 500, json: { error: { code: 'InternalError', message: 'Failed.' } } });
    });
    await openAs('User Administrator', path);
    await expect(page.getByLabel('Loading').first()).toBeVisible();
    await expectAccessible(page);
    await look(page, `loading-${name}`, { forDocuments: false });
    answer.now = true;
    answer.done?.();

    await expect(page.getByRole('alert').first()).toContainText('The service has failed.');
    await expect(page.getByRole('button', { name: 'Try again' }).first()).toBeVisible();
    await expectAccessible(page);
    await look(page, `failed-${name}`, { forDocuments: false });
    await page.unroute(/\/api\//);
    const again = page.getByRole('button', { name: 'Try again' });
    // From the last on: one that is pressed goes.
    for (let left = await again.count(); left > 0; left -= 1) await again.nth(left - 1).click();
    await expect(page.getByText('The service has failed.')).toHaveCount(0);
  });
}

test('what went wrong stays, with its button, until somebody tries again', async ({ openAs, page }) => {
  await page.clock.install();
  let calls = 0;
  await page.route('**/api/products?*', (route) => {
    calls += 1;
    return route.fulfill({ status: 500, json: { error: { code: 'InternalError', message: 'Failed.' } } });
  });
  await openAs('User Administrator', '/licenses/products');
  const again = page.getByRole('button', { name: 'Try again' });
  await again.focus();
  await page.clock.runFor(60_000);

  await expect(again).toBeFocused();
  expect(calls).toBe(1);
});

test('a change is told at once, however long the lists take to be read again', async ({ openAs, page, tenant }) => {
  await tenant.putProduct('Office 365 E1', 1);
  await openAs('User Administrator', '/licenses/products');
  await page.getByRole('button', { name: 'Buy or remove licenses: Office 365 E1' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Total licenses').fill('30');
  // Nothing that is read is answered any more.
  await page.route('**/api/**', (route) => (route.request().method() === 'GET' ? undefined : route.continue()));
  await dialog.getByRole('button', { name: 'Buy 29 licenses' }).click();

  await expect(page.getByText('Office 365 E1 has 30 licenses now.').last()).toBeVisible();
  await expect(dialog).toHaveCount(0);
});
