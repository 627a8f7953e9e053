import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { Tenant } from './tenant';
import { expect, expectAccessible, look, test } from './test';

const LIST = '/licenses/policies';

/** An app with a policy of its own, from a product that contains only it. Gives the policy's id. */
async function otherPolicy(tenant: Tenant, appName: string, policyName: string, total: number): Promise<string> {
  const servicePlanId = randomUUID();
  const appId = appName.toLowerCase();
  await tenant.call('PUT', `/apps/${appId}`, {
    body: { name: appName, clientAppIds: [randomUUID()], servicePlanIds: [servicePlanId] },
  });
  const product = await tenant.call<{ skuId: string }>('PUT', `/products/${randomUUID()}`, {
    body: {
      skuPartNumber: appName.toUpperCase(),
      displayName: `${appName} Plan 1`,
      totalLicenses: total,
      servicePlans: [{ servicePlanId, servicePlanName: appName.toUpperCase(), displayName: appName }],
    },
  });
  return (await tenant.createPolicy(policyName, [product.skuId], appId)).id;
}

/** The setting on, and three policies: of Teams with two backups, of Visio, and of Project, which is off. */
async function threePolicies(tenant: Tenant): Promise<void> {
  await tenant.turn(true);
  const products = [
    await tenant.putProduct('Microsoft Teams Enterprise', 120),
    await tenant.putProduct('Office 365 E1', 40),
    await tenant.putProduct('Microsoft 365 E3', 25),
  ];
  await tenant.createPolicy(
    'Teams for everyone',
    products.map(({ skuId }) => skuId),
  );
  await otherPolicy(tenant, 'Visio', 'Drawing', 30);
  const projectId = await otherPolicy(tenant, 'Project', 'Planning', 900);
  await tenant.call('PATCH', `/policies/${projectId}`, { body: { enabled: false }, headers: { 'If-Match': '*' } });
}

const names = (page: Page) => page.getByRole('rowgroup').last().getByRole('row').getByRole('link', { name: /^\D/ });

test('while the setting is off there is one explanation and one button, which turns it on', async ({
  openAs,
  tenant,
}) => {
  const page = await openAs('User Administrator', LIST);
  await expect(page.getByRole('heading', { name: 'Let users claim their license' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(1);
  await expectAccessible(page);
  await look(page, 'policies-setting-off');
  await page.getByRole('button', { name: 'Turn on setting' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn on setting' }).click();

  await expect(page.getByRole('heading', { name: 'There is no policy yet' })).toBeVisible();
  await expect(page.getByText('Auto-claim is on.')).toBeVisible();
  expect(await tenant.call('GET', '/settings')).toMatchObject({ autoClaimEnabled: true });
  await expectAccessible(page);
  await look(page, 'policies-none');
});

test('a setting that is turned on here and off elsewhere is not told as turned off here', async ({
  openAs,
  tenant,
}) => {
  const page = await openAs('User Administrator', LIST);
  const turnOn = page.getByRole('button', { name: 'Turn on setting' });
  await turnOn.click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn on setting' }).click();
  await expect(page.getByText('Auto-claim is on.')).toBeVisible();
  await tenant.turn(false);

  await expect(turnOn).toBeVisible();
  await expect(page.getByText(/^Auto-claim is (on|off)\./)).toHaveCount(0);
});

test('a question that the browser’s Back takes away leaves the page to everyone', async ({ openAs }) => {
  const page = await openAs('User Administrator', LIST);
  await page.getByRole('link', { name: 'Users' }).click();
  await expect(page.getByRole('searchbox')).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Turn on setting' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expect(page.getByRole('main')).toHaveCount(0);
  await page.goForward();

  await expect(page.getByRole('main').getByRole('searchbox')).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Users' })).toBeVisible();
  await expectAccessible(page);
});

test('the list says of each policy what it gives, from where, how many are left and whether it does', async ({
  openAs,
  tenant,
}) => {
  await threePolicies(tenant);
  await tenant.signIn('grace');
  const page = await openAs('User Administrator', LIST);

  const row = page.getByRole('row', { name: /Teams for everyone/ });
  await expect(row).toContainText('Microsoft Teams Enterprise');
  await expect(row).toContainText('Backups: Office 365 E1 and Microsoft 365 E3');
  await expect(row.getByRole('cell').nth(3)).toHaveText(/184$/);
  await expect(row.getByRole('cell').nth(4)).toHaveText(/1$/);
  await expect(row.getByText('On', { exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: /Planning/ }).getByText('Off', { exact: true })).toBeVisible();
  await expect(page.getByText('3 of 3 policies')).toBeVisible();
  await expectAccessible(page);
  await look(page, 'policies');
});

test('policies that are on while the setting is off say so, below the explanation', async ({ openAs, tenant }) => {
  await threePolicies(tenant);
  await tenant.turn(false);
  const page = await openAs('User Administrator', LIST);

  await expect(page.getByRole('button', { name: 'Turn on setting' })).toBeVisible();
  await expect(page.getByRole('row', { name: /Drawing/ })).toContainText('On, but the setting is off');
  await expect(page.getByRole('row', { name: /Planning/ }).getByText('Off', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Add a policy' })).toHaveCount(0);
  await expectAccessible(page);
  await look(page, 'policies-waiting');
});

test('columns sort and the fields above filter', async ({ openAs, tenant }) => {
  await threePolicies(tenant);
  const page = await openAs('User Administrator', LIST);
  await expect(names(page)).toHaveText(['Drawing', 'Planning', 'Teams for everyone']);
  await page.getByRole('button', { name: 'Available licenses' }).click();
  await expect(names(page)).toHaveText(['Drawing', 'Teams for everyone', 'Planning']);
  await page.getByRole('button', { name: 'Available licenses' }).click();
  await expect(names(page)).toHaveText(['Planning', 'Teams for everyone', 'Drawing']);
  await expect(page.getByRole('columnheader', { name: 'Available licenses' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );

  await page.getByRole('searchbox').fill('office 365');
  await expect(names(page)).toHaveText(['Teams for everyone']);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Off');
  await expect(names(page)).toHaveText(['Planning']);
  await page.getByRole('searchbox').fill('Teams');
  await expect(page.getByText('No policy fits.')).toBeVisible();
});

test('on a phone a field sorts the cards', async ({ openAs, page, tenant }) => {
  await threePolicies(tenant);
  await page.setViewportSize({ width: 360, height: 740 });
  await openAs('User Administrator', LIST);
  await page.getByRole('combobox', { name: 'Sort' }).selectOption('Sort by Available licenses');

  await expect(names(page)).toHaveText(['Drawing', 'Teams for everyone', 'Planning']);
  await expectAccessible(page);
});

test('a click on the row, or Enter on its name, opens the policy’s pane at an address of its own', async ({
  openAs,
  tenant,
}) => {
  await threePolicies(tenant);
  const page = await openAs('User Administrator', LIST);
  await page.getByRole('cell', { name: 'Visio', exact: true }).click();
  await expect(page).toHaveURL(/\/licenses\/policies\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('link', { name: 'Planning', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('the users who claimed under a policy are a link away', async ({ openAs, tenant }) => {
  await threePolicies(tenant);
  for (const user of ['grace', 'linus']) await tenant.signIn(user);
  await tenant.call('DELETE', '/users/grace/licenses');
  const page = await openAs('Global Reader', LIST);
  const link = page.getByRole('link', { name: /users who claimed under Teams for everyone/ });
  await link.click();

  const pane = page.getByRole('dialog', { name: 'Teams for everyone' });
  await expect(pane.getByRole('tab', { selected: true })).toHaveText('Users');
  await expect(pane.getByRole('listitem')).toHaveText([/^linus.*Teams Enterprise/, /^grace.*Taken back/]);
  // The tab is in the address: it can be kept, and loaded again.
  await page.reload();
  await expect(pane.getByRole('listitem')).toHaveCount(2);
  await pane.getByRole('tab', { name: 'Policy' }).click();
  await expect(pane.getByRole('switch')).toBeVisible();
  await pane.getByRole('button', { name: 'Close' }).click();
  await expect(page).toHaveURL(new RegExp(`${LIST}$`));
  await link.click();
  await page.keyboard.press('Escape');
  await expect(link).toBeFocused();
});

test('a reader sees the list, and no button that would fail', async ({ openAs, tenant }) => {
  const page = await openAs('Global Reader', LIST);
  await expect(page.getByText('Someone who manages licenses can turn the setting on.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Turn on setting' })).toHaveCount(0);
  await threePolicies(tenant);

  await expect(page.getByRole('row', { name: /Drawing/ })).toBeVisible();
  await expect(page.getByRole('link', { name: 'View report' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Add a policy' })).toHaveCount(0);
  await expectAccessible(page);
});

test('what was read stays while the service is away, and follows when it is back', async ({
  openAs,
  stack,
  tenant,
}) => {
  await threePolicies(tenant);
  const page = await openAs('User Administrator', LIST);
  await expect(names(page)).toHaveCount(3);
  await stack.away();
  try {
    await expect(page.getByText('The service does not answer', { exact: true })).toBeVisible();
    await expect(names(page)).toHaveCount(3);
  } finally {
    await stack.back();
  }
  await tenant.signIn('grace');

  await expect(
    page
      .getByRole('row', { name: /Teams for everyone/ })
      .getByRole('cell')
      .nth(3),
  ).toHaveText(/184$/);
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('a manager turns the setting on, and finds the list', async ({ openAs, tenant }) => {
    await threePolicies(tenant);
    await tenant.turn(false);
    const page = await openAs('User Administrator', LIST);
    await expect(page.getByRole('row', { name: /Drawing/ })).toContainText('Aan, maar de instelling is uitgeschakeld');
    await page.getByRole('button', { name: 'Instelling inschakelen' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Instelling inschakelen' }).click();

    await expect(page.getByRole('row', { name: /Drawing/ }).getByText('Aan', { exact: true })).toBeVisible();
    await page.getByRole('searchbox').fill('visio');
    await expect(names(page)).toHaveText(['Drawing']);
    await page.getByRole('searchbox').fill('');
    await look(page, 'policies-nl');
  });
});
