import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { Tenant } from './tenant';
import { expect, test } from './test';

const USERS = 120;
const CALLERS = 12;
const WAVES = 2;
/** A number that gets a digit more begins further left, which Chromium counts as 0.00004. A row that moves by its height is some 0.006. */
const SHIFT_MAX = 0.001;

/** So many new users sign in, so many at once. */
async function storm(tenant: Tenant, wave: number): Promise<void> {
  const coming = Array.from({ length: USERS }, (_, user) => `wave${wave.toString()}-${user.toString()}`);
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (let user = coming.pop(); user !== undefined; user = coming.pop()) {
        expect((await tenant.signIn(user)).outcome).toBe('claimed');
      }
    }),
  );
}

/** Where each row stands, and whose it is. */
const places = (page: Page) =>
  page
    .getByRole('row')
    .evaluateAll((rows) =>
      rows.map((row) => ({ top: row.getBoundingClientRect().top, id: row.querySelector('a')?.href })),
    );

test('in a sign-in storm the list’s numbers follow, and nothing on it moves', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const teams = await tenant.putProduct('Microsoft Teams Enterprise', 1000);
  await tenant.createPolicy('Teams for everyone', [teams.skuId]);
  const servicePlanId = randomUUID();
  await tenant.call('PUT', '/apps/visio', {
    body: { name: 'Visio', clientAppIds: [randomUUID()], servicePlanIds: [servicePlanId] },
  });
  const visio = await tenant.call<{ skuId: string }>('PUT', `/products/${randomUUID()}`, {
    body: {
      skuPartNumber: 'VISIO',
      displayName: 'Visio Plan 2',
      totalLicenses: 900,
      servicePlans: [{ servicePlanId, servicePlanName: 'VISIO', displayName: 'Visio' }],
    },
  });
  await tenant.createPolicy('Drawing', [visio.skuId], 'visio');

  // Most licenses first: after the storm, Teams has fewer than Visio.
  const page = await openAs('User Administrator', '/licenses/policies');
  const available = page
    .getByRole('row', { name: /Teams for everyone/ })
    .getByRole('cell')
    .nth(3);
  await page.getByRole('button', { name: 'Available licenses' }).click();
  await page.getByRole('button', { name: 'Available licenses' }).click();
  await expect(page.getByRole('row').nth(1)).toContainText('Teams for everyone');
  await page.getByRole('link', { name: 'Drawing', exact: true }).focus();
  await page.evaluate(() => {
    const shifts: number[] = [];
    new PerformanceObserver((list) => {
      shifts.push(...list.getEntries().map((entry) => (entry as PerformanceEntry & { value: number }).value));
    }).observe({ type: 'layout-shift' });
    Object.assign(window, { shifts });
  });
  const before = await places(page);

  for (let wave = 1; wave <= WAVES; wave += 1) {
    await storm(tenant, wave);
    await expect(available).toHaveText(new RegExp(`${(1000 - wave * USERS).toString()}$`));
    expect(await places(page)).toEqual(before);
  }

  await expect(page.getByRole('link', { name: 'Drawing', exact: true })).toBeFocused();
  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(SHIFT_MAX);
});
