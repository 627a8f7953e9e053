import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { ANSWER_MILLISECONDS } from '../src/api/client';
import { expect, expectAccessible, look, test } from './test';
import { SAMPLE_TENANT, TEAMS, type Tenant } from './tenant';

const CLAIMS = 5000;
const AT_ONCE = 64;
const SAMPLE_MILLISECONDS = 180_000;
const LATE_MILLISECONDS = ANSWER_MILLISECONDS + 1000;

const daily = (page: Page) => page.getByRole('table', { name: 'Claims per day' });
const claimed = (page: Page) => page.getByRole('table', { name: 'Who claimed' });
const rows = (page: Page) => claimed(page).getByRole('row');
const chart = (page: Page) => page.getByRole('region', { name: /^Claims per day and product/ });

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf-8');
}

/** Everybody signs in, some at a time. Without Playwright's own client, which writes down every call. */
async function storm({ stack, id }: Tenant, people: number): Promise<void> {
  let next = 0;
  const come = async (): Promise<void> => {
    while (next < people) {
      next += 1;
      const response = await fetch(`${stack.url}/api/sign-ins`, {
        method: 'POST',
        headers: { 'x-functions-key': stack.functionKey, 'Content-Type': 'application/json' },
        body: JSON.stringify({ tenantId: id, appId: TEAMS, user: { id: `user${next.toString().padStart(5, '0')}` } }),
      });
      expect(await response.json()).toMatchObject({ outcome: 'claimed' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, come));
}

/** Milliseconds from a click until a page more is painted, by the browser's own clock: to look for a text takes longer. */
async function showMore(page: Page): Promise<number> {
  return page.getByRole('button', { name: 'Show more' }).evaluate(async (button: HTMLElement) => {
    const painted = () => new Promise(requestAnimationFrame);
    const count = () => document.querySelectorAll('[aria-labelledby="report-users"] tbody tr').length;
    const [began, before] = [performance.now(), count()];
    button.click();
    while (count() === before) await painted();
    await painted();
    return Math.round(performance.now() - began);
  });
}

test.describe('the sample tenant, with its 90 days', () => {
  test.beforeEach(async ({ stack }) => {
    test.setTimeout(SAMPLE_MILLISECONDS);
    await stack.sample();
  });

  test('a chart, the same numbers as a table, and who claimed', async ({ openAs }) => {
    const page = await openAs('Reports Reader', '/report', { tenant: SAMPLE_TENANT });
    await expect(chart(page)).toBeVisible();
    await expect(page.getByLabel('Period')).toHaveValue('90');
    await expect(daily(page).locator('tbody tr')).toHaveCount(90);
    await expect(rows(page)).toHaveCount(101);

    // Every column's numbers stand in the table, and no others.
    const inTable = await daily(page).locator('tbody td:nth-child(2)').allInnerTexts();
    const total = inTable.reduce((sum, text) => sum + Number(text), 0);
    const drawn = await chart(page)
      .getByRole('option')
      .evaluateAll((parts) =>
        parts.reduce((sum, part) => sum + Number(/: ([\d,]+)$/.exec(part.getAttribute('aria-label') ?? '')?.[1]), 0),
      );
    expect(drawn).toBe(total);
    await expect(page.getByText(`${total.toLocaleString('en-GB')} licenses claimed`)).toBeVisible();
    await expectAccessible(page);
    await look(page, 'report');
  });

  test('period and policy are in the address, and Back undoes a choice', async ({ openAs }) => {
    const page = await openAs('Global Reader', '/report', { tenant: SAMPLE_TENANT });
    await page.getByLabel('Policy').selectOption('Visio trial (deleted)');
    await expect(page).toHaveURL(/period=90&policyId=[0-9a-f-]{36}$/);
    await expect(page.getByRole('list', { name: 'Products' })).toHaveText(/^Visio Plan 2\d+$/);
    await expect(rows(page).filter({ hasText: 'Visio trial' }).first()).toBeVisible();
    await expect(rows(page).filter({ hasText: 'Teams for everyone' })).toHaveCount(0);

    await page.getByLabel('Period').selectOption('Past 7 days');
    await expect(page.getByText('This policy does not exist any more')).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Period')).toHaveValue('7');
    await page.getByRole('button', { name: 'Show all policies' }).click();
    await expect(daily(page).locator('tbody tr')).toHaveCount(7);
    await page.goBack();
    await page.goBack();
    await expect(page.getByRole('list', { name: 'Products' })).toContainText('Visio Plan 2');
  });

  test('all rows are downloaded as a file with a name that says what it is', async ({ openAs }) => {
    const page = await openAs('Reports Reader', '/report?period=90', { tenant: SAMPLE_TENANT });
    await page.getByLabel('Policy').selectOption('Power BI for analysts');
    await expect(page.getByRole('list', { name: 'Products' })).toHaveText(/^Power BI Pro\d+$/);
    const total = Number(/\d+$/.exec(await page.getByRole('list', { name: 'Products' }).innerText())?.[0]);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const download = await downloading;

    const today = new Date().toISOString().slice(0, 10);
    expect(download.suggestedFilename()).toBe(`autoclaim-power-bi-for-analysts-90-days-${today}.csv`);
    const lines = (await textOf(download)).trimEnd().split('\r\n');
    expect(lines[0]).toContain('claimedAt,policyId,policyName');
    expect(lines).toHaveLength(total + 1);
    await expect(page.getByText('Downloaded as autoclaim-power-bi')).toBeVisible();
  });

  test.describe('in Dutch, and dark', () => {
    test.use({ locale: 'nl-NL', colorScheme: 'dark' });

    test('the report has Dutch words and dates', async ({ openAs }) => {
      const page = await openAs('User Administrator', '/report', { tenant: SAMPLE_TENANT });
      await expect(page.getByRole('heading', { name: 'Claims per dag' })).toBeVisible();
      const newest = page.getByRole('table', { name: 'Claims per dag' }).getByRole('rowheader').first();
      const today = new Intl.DateTimeFormat('nl-NL', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date());
      await expect(newest).toHaveText(today);
      await expect(page.getByText('licenties geclaimd')).toBeVisible();

      await expectAccessible(page);
      await look(page, 'report-nl');
    });
  });
});

test('a report of 5,000 claims opens, is filtered, paged through and downloaded whole', async ({ openAs, tenant }) => {
  test.setTimeout(SAMPLE_MILLISECONDS);
  const products = await Promise.all([
    tenant.putProduct('Teams Enterprise', 2000),
    tenant.putProduct('Office 365 E1', 2000),
    tenant.putProduct('Office 365 E3', 2000),
  ]);
  await tenant.turn(true);
  const skuIds = products.map(({ skuId }) => skuId);
  const policy = await tenant.createPolicy('Teams for everyone', skuIds);
  await storm(tenant, CLAIMS);

  const times: Record<string, number> = {};
  const timed = async (what: string, done: () => Promise<unknown>): Promise<void> => {
    const began = Date.now();
    await done();
    times[what] = Date.now() - began;
  };
  const page = await openAs('Global Reader', '/settings');
  await expect(page.getByRole('switch')).toBeChecked();
  await timed('open', async () => {
    await page.getByRole('link', { name: 'Report' }).click();
    await expect(page.getByText('5,000 licenses claimed')).toBeVisible();
    await expect(chart(page)).toBeVisible();
    await expect(rows(page)).toHaveCount(101);
  });
  await timed('filter', async () => {
    const filtered = page.waitForResponse(new RegExp(`licenses.*${policy.id}`));
    await page.getByLabel('Policy').selectOption(policy.id);
    await filtered;
    await expect(rows(page)).toHaveCount(101);
  });
  const pages: number[] = [];
  do pages.push(await showMore(page));
  while ((await page.getByRole('button', { name: 'Show more' }).count()) > 0);
  await expect(page.getByText('5,000 of 5,000 shown')).toBeVisible();
  await expect(claimed(page).locator('tbody tr')).toHaveCount(CLAIMS);
  times['a page, the slowest'] = Math.max(...pages);
  times['a page, usually'] = pages.toSorted((one, other) => one - other)[Math.floor(pages.length / 2)] ?? 0;
  await timed('change the period with these rows shown', async () => {
    await page.getByLabel('Period').selectOption('Past 30 days');
    await expect(daily(page).locator('tbody tr')).toHaveCount(30);
  });
  const downloading = page.waitForEvent('download');
  await timed('download', async () => {
    await page.getByRole('button', { name: 'Download CSV' }).click();
    await downloading;
  });
  const text = await textOf(await downloading);
  expect(text.trimEnd().split('\r\n')).toHaveLength(CLAIMS + 1);
  console.log(`5,000 claims, milliseconds: ${JSON.stringify(times)}`);
});

test('new claims come without a reload, and a license that was taken back says so', async ({ openAs, tenant }) => {
  const product = await tenant.putProduct('Office 365 E1', 10);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for all', [product.skuId]);
  const page = await openAs('Global Reader', '/report?period=1');
  await expect(page.getByRole('heading', { name: 'No claims in this period' })).toBeVisible();
  await expectAccessible(page);
  await look(page, 'report-empty');
  await page.getByRole('button', { name: 'Show the past 90 days' }).click();
  await expect(page).toHaveURL(/period=90/);
  await expect(page.getByRole('button', { name: 'Download CSV' })).toHaveCount(0);

  await tenant.signIn('linus');
  await tenant.signIn('grace');
  await tenant.call('DELETE', `/users/linus/licenses/${product.skuId}`);
  await page.getByLabel('Period').selectOption('Today');
  await expect(page.getByText('2 licenses claimed')).toBeVisible();
  await expect(rows(page).nth(1)).toContainText('grace');
  await expect(rows(page).nth(1)).toContainText('Still held');
  await expect(rows(page).nth(2)).toContainText('Taken back');
});

test('the keyboard is enough, in the chart too', async ({ openAs, tenant }) => {
  const product = await tenant.putProduct('Office 365 E1', 10);
  const backup = await tenant.putProduct('Office 365 E3', 10);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for all', [product.skuId, backup.skuId]);
  await storm(tenant, 12);
  const page = await openAs('Global Reader', '/report?period=7');
  await expect(rows(page)).toHaveCount(13);
  // The chart takes its width once it is there: it must be still before somebody goes into it.
  await chart(page)
    .getByRole('option', { name: /Office 365 E1: 10$/ })
    .hover();
  await page.getByLabel('Policy').focus();
  await page.keyboard.press('Tab');
  await expect(chart(page).getByRole('option', { name: /Office 365 E1: 10$/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(chart(page).getByRole('option', { name: /Office 365 E3: 2$/ })).toBeFocused();
  await page.keyboard.press('Tab');

  await expect(page.getByRole('group', { name: 'Claims per day' })).toBeFocused();
});

test('a report that cannot be had says so, and is tried again', async ({ openAs, page }) => {
  await page.route('**/api/reports/auto-claim?*', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'InternalError', message: 'Failed.' } } }),
  );
  await openAs('Global Reader', '/report');
  await expect(page.getByRole('alert')).toContainText('The service has failed.');
  await expectAccessible(page);
  await look(page, 'report-error');
  await page.unroute('**/api/reports/auto-claim?*');
  await page.getByRole('button', { name: 'Try again' }).click();

  await expect(page.getByRole('heading', { name: 'No claims in this period' })).toBeVisible();
});

test('a file that is refused says why', async ({ openAs, page, tenant }) => {
  const product = await tenant.putProduct('Office 365 E1', 10);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for all', [product.skuId]);
  await tenant.signIn('linus');
  await openAs('Global Reader', '/report');
  await expect(rows(page)).toHaveCount(2);
  await page.route('**/api/reports/auto-claim/licenses?*', (route) =>
    route.fulfill({ status: 400, json: { error: { code: 'ExportTooLarge', message: 'Too many rows.' } } }),
  );
  await page.getByRole('button', { name: 'Download CSV' }).click();

  await expect(page.getByRole('alert')).toContainText('The file would have more than 100,000 rows.');
});

test('a file may take longer than other answers do', async ({ openAs, page, tenant }) => {
  const product = await tenant.putProduct('Office 365 E1', 10);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for all', [product.skuId]);
  await tenant.signIn('linus');
  await openAs('Global Reader', '/report');
  await expect(rows(page)).toHaveCount(2);
  await page.route('**/api/reports/auto-claim/licenses?*', async (route) => {
    await page.waitForTimeout(LATE_MILLISECONDS);
    await route.continue();
  });
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();

  expect((await textOf(await downloading)).trimEnd().split('\r\n')).toHaveLength(2);
});
