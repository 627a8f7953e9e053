import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { Policy } from '../src/api/policies';
import type { Tenant } from './tenant';
import { TEAMS_PLAN } from './tenant';
import { expect, expectAccessible, look, test } from './test';

const WIZARD = '/licenses/policies/new';

/** The setting on, three products with Teams in them, and one without. */
async function fourProducts(tenant: Tenant): Promise<void> {
  await tenant.turn(true);
  await tenant.putProduct('Microsoft Teams Enterprise', 120);
  await tenant.putProduct('Office 365 E1', 40);
  await tenant.putProduct('Microsoft 365 E3', 25);
  await tenant.call('PUT', `/products/${randomUUID()}`, {
    body: {
      skuPartNumber: 'VISIOCLIENT',
      displayName: 'Visio Plan 2',
      totalLicenses: 5,
      servicePlans: [{ servicePlanId: randomUUID(), servicePlanName: 'VISIO', displayName: 'Visio' }],
    },
  });
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option }).click();
}

const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click();
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 2, name });
const policies = async (tenant: Tenant) => (await tenant.call<{ value: Policy[] }>('GET', '/policies')).value;

/** From the first page to the last, with one product. */
async function fillIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Policy name').fill(name);
  await next(page);
  await choose(page, 'App', 'Microsoft Teams');
  await choose(page, 'Primary product', 'Microsoft Teams Enterprise');
  await next(page);
  await next(page);
  await expect(heading(page, 'Review and finish')).toBeVisible();
}

test('a manager adds a policy with a backup product, page by page', async ({ openAs, tenant }) => {
  await fourProducts(tenant);
  const page = await openAs('User Administrator', '/licenses/policies');
  await page.getByRole('link', { name: 'Add a policy' }).click();
  await expect(heading(page, 'Name this policy')).toBeVisible();
  await expectAccessible(page);
  await look(page, 'wizard-name');
  await page.getByLabel('Policy name').fill('  Teams for everyone ');
  await next(page);

  await expect(heading(page, 'Set an app and a product')).toBeFocused();
  await choose(page, 'App', 'Microsoft Teams');
  await page.getByRole('combobox', { name: 'Primary product' }).click();
  const visio = page.getByRole('option', { name: 'Visio Plan 2' });
  await expect(visio).toContainText('Does not contain Microsoft Teams');
  await expect(visio).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole('option', { name: 'Office 365 E1' }).click();
  await page.getByRole('button', { name: 'Add a backup product' }).click();
  await choose(page, 'Backup product 1', 'Microsoft Teams Enterprise');
  await page.getByRole('button', { name: 'Move up: Backup product 1' }).click();
  await expect(page.getByRole('combobox', { name: 'Primary product' })).toHaveText('Microsoft Teams Enterprise');
  await expectAccessible(page);
  await look(page, 'wizard-products');
  await next(page);

  await expect(page.getByText('licenses of Microsoft Teams Enterprise')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /^Microsoft Teams/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^Microsoft Teams/ })).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await expect(page.getByText('3 of 4 are on')).toBeVisible();
  await expectAccessible(page);
  await look(page, 'wizard-services');
  await next(page);
  await expect(page.getByText('licenses of Office 365 E1')).toBeVisible();
  await next(page);

  await expect(page.getByRole('region', { name: 'Apps and services: Microsoft Teams Enterprise' })).toContainText(
    'Off: Planner',
  );
  await expectAccessible(page);
  await look(page, 'wizard-review');
  await page.getByRole('button', { name: 'Create policy' }).click();

  await expect(heading(page, 'Teams for everyone is created')).toBeFocused();
  await expectAccessible(page);
  await look(page, 'wizard-created');
  await page.getByRole('link', { name: 'Close' }).click();
  await expect(page.getByRole('row', { name: /Teams for everyone/ })).toContainText('Backup: Office 365 E1');
  const [policy] = await policies(tenant);
  expect(policy).toMatchObject({ name: 'Teams for everyone', enabled: true });
  expect(policy?.products.map(({ displayName }) => displayName)).toEqual([
    'Microsoft Teams Enterprise',
    'Office 365 E1',
  ]);
  expect(policy?.products.map(({ disabledServicePlanIds }) => disabledServicePlanIds.length)).toEqual([1, 0]);
});

test('Back, an edit link and the browser’s own Back keep what was entered', async ({ openAs, tenant }) => {
  await fourProducts(tenant);
  const page = await openAs('User Administrator', WIZARD);
  await fillIn(page, 'Teams for everyone');
  await page.getByRole('button', { name: 'Edit: Policy name' }).click();
  await expect(page.getByLabel('Policy name')).toHaveValue('Teams for everyone');
  await page.goBack();
  await expect(heading(page, 'Review and finish')).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('checkbox', { name: 'All apps and services' }).uncheck();
  await expect(page.getByText('1 of 4 are on')).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByRole('combobox', { name: 'Primary product' })).toHaveText('Microsoft Teams Enterprise');
  await next(page);

  await expect(page.getByText('1 of 4 are on')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /^Microsoft Teams/ })).toBeChecked();
});

test('what is missing is said at its field, which gets the focus', async ({ openAs, tenant }) => {
  await fourProducts(tenant);
  const page = await openAs('User Administrator', `${WIZARD}?step=review`);
  await next(page);
  await expect(page.getByText('Give the policy a name.')).toBeVisible();
  await expect(page.getByLabel('Policy name')).toBeFocused();
  await page.getByLabel('Policy name').fill('n'.repeat(129));
  await expect(page.getByText('This is longer than 128 characters.')).toBeVisible();
  await page.getByLabel('Policy name').fill('Teams');
  await next(page);
  await next(page);

  await expect(page.getByText('Choose the app that users sign in to.')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'App' })).toBeFocused();
  await expectAccessible(page);
  await look(page, 'wizard-missing');
});

test('with one product in the tenant there is no backup to add, and the page says why', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  await tenant.putProduct('Microsoft Teams Enterprise', 120);
  const page = await openAs('User Administrator', WIZARD);
  await page.getByLabel('Policy name').fill('Teams');
  await next(page);

  await expect(page.getByText('your organisation has only one product')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a backup product' })).toHaveCount(0);
});

test('up to four backups are added, moved and taken out again', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  for (const product of ['A', 'B', 'C', 'D', 'E', 'F']) await tenant.putProduct(`Product ${product}`, 10);
  const page = await openAs('User Administrator', WIZARD);
  await page.getByLabel('Policy name').fill('Teams');
  await next(page);
  await choose(page, 'App', 'Microsoft Teams');
  await choose(page, 'Primary product', 'Product A');
  for (const [place, product] of ['B', 'C', 'D', 'E'].entries()) {
    await page.getByRole('button', { name: 'Add a backup product' }).click();
    await choose(page, `Backup product ${(place + 1).toString()}`, `Product ${product}`);
  }
  await expect(page.getByText('A policy has at most 4 backup products.')).toBeVisible();
  await page.getByRole('button', { name: 'Move down: Primary product' }).click();
  await page.getByRole('button', { name: 'Remove: Backup product 4' }).click();

  await expect(page.getByRole('button', { name: 'Add a backup product' })).toBeVisible();
  const chosen = ['Primary product', 'Backup product 1', 'Backup product 2', 'Backup product 3'];
  for (const [place, product] of ['B', 'A', 'C', 'D'].entries())
    await expect(page.getByRole('combobox', { name: chosen[place] ?? '' })).toHaveText(`Product ${product}`);
});

test('an app that has a policy is shown with it, and cannot be chosen', async ({ openAs, tenant }) => {
  await fourProducts(tenant);
  const product = await tenant.putProduct('Microsoft 365 E5', 10);
  await tenant.createPolicy('Teams for everyone', [product.skuId]);
  const page = await openAs('User Administrator', WIZARD);
  await page.getByLabel('Policy name').fill('TEAMS FOR EVERYONE');
  await expect(page.getByText('Another policy has this name.')).toBeVisible();
  await page.getByLabel('Policy name').fill('Second');
  await next(page);
  await page.getByRole('combobox', { name: 'App' }).click();

  await expect(page.getByRole('option')).toContainText('Has a policy already: Teams for everyone');
  await expect(page.getByRole('option')).toBeDisabled();
});

test('what another administrator did meanwhile leads to the page where it can be mended', async ({
  openAs,
  page,
  tenant,
}) => {
  await fourProducts(tenant);
  // The list is held back, so that the wizard learns of it from the refusal only.
  await openAs('User Administrator', WIZARD);
  await fillIn(page, 'Teams for everyone');
  await page.route('**/api/policies?*', (route) => route.abort());
  const visio = randomUUID();
  await tenant.call('PUT', '/apps/other', {
    body: { name: 'Other', clientAppIds: [visio], servicePlanIds: [TEAMS_PLAN] },
  });
  const { skuId } = await tenant.putProduct('Microsoft 365 E5', 10);
  await tenant.createPolicy('teams for everyone', [skuId], 'other');
  await page.getByRole('button', { name: 'Create policy' }).click();

  await expect(heading(page, 'Name this policy')).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Another policy has this name.');
  await page.unroute('**/api/policies?*');
});

test('a setting that is turned off meanwhile can be turned on from here', async ({ openAs, tenant }) => {
  await fourProducts(tenant);
  const page = await openAs('User Administrator', WIZARD);
  await fillIn(page, 'Teams for everyone');
  await tenant.turn(false);
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page.getByRole('alert')).toContainText('Turn the setting on first.');
  await expect(heading(page, 'Review and finish')).toBeVisible();
  await page.getByRole('button', { name: 'Turn on setting' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn on setting' }).click();
  await expect(page.getByRole('button', { name: 'Turn on setting' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Create policy' }).click();

  await expect(heading(page, 'Teams for everyone is created')).toBeVisible();
});

test('a service that is away costs nothing that was entered, and the wizard is finished afterwards', async ({
  openAs,
  stack,
  tenant,
}) => {
  await fourProducts(tenant);
  const page = await openAs('User Administrator', WIZARD);
  await fillIn(page, 'Teams for everyone');
  await stack.away();
  try {
    await page.getByRole('button', { name: 'Create policy' }).click();
    await expect(page.getByText('The service does not answer', { exact: true })).toBeVisible();
    await expect(page.getByRole('alert')).toContainText('Whether a change was made is not known');
    await look(page, 'wizard-away');
  } finally {
    await stack.back();
  }
  await expect(page.getByText('The service answers again')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Policy name' })).toContainText('Teams for everyone');
  await page.getByRole('button', { name: 'Create policy' }).click();

  await expect(heading(page, 'Teams for everyone is created')).toBeVisible();
  expect(await policies(tenant)).toHaveLength(1);
});

test('a policy whose answer was lost is found, and not made twice', async ({ openAs, page, tenant }) => {
  await fourProducts(tenant);
  await openAs('User Administrator', WIZARD);
  await fillIn(page, 'Teams for everyone');
  await page.route('**/api/policies', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByRole('button', { name: 'Create policy' }).click();

  await expect(heading(page, 'Teams for everyone is created')).toBeVisible();
  expect(await policies(tenant)).toHaveLength(1);
});

test('leaving with something entered is asked about', async ({ openAs, tenant }) => {
  await fourProducts(tenant);
  const page = await openAs('User Administrator', '/licenses/policies');
  await page.getByRole('link', { name: 'Add a policy' }).click();
  await page.getByLabel('Policy name').fill('Teams');
  await page.getByRole('link', { name: 'Report', exact: true }).click();
  await expect(page.getByRole('alertdialog')).toContainText('What you entered is lost');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByLabel('Policy name')).toHaveValue('Teams');
  await page.getByRole('main').getByRole('link', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();

  await expect(page).toHaveURL(/\/licenses\/policies$/);
});

test('the focus goes along with a product, and on to the next when one is taken out', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  for (const product of ['A', 'B', 'C']) await tenant.putProduct(`Product ${product}`, 10);
  const page = await openAs('User Administrator', WIZARD);
  await page.getByLabel('Policy name').fill('Teams');
  await next(page);
  await choose(page, 'App', 'Microsoft Teams');
  const field = (name: string) => page.getByRole('combobox', { name });
  const add = page.getByRole('button', { name: 'Add a backup product' });
  await choose(page, 'Primary product', 'Product A');
  await expect(field('Primary product')).toBeFocused();
  for (const [place, product] of ['Product B', 'Product C'].entries()) {
    await add.click();
    const backup = `Backup product ${(place + 1).toString()}`;
    await expect(field(backup)).toBeFocused();
    await choose(page, backup, product);
    await expect(field(backup)).toBeFocused();
  }
  await page.getByRole('button', { name: 'Move down: Primary product' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Move down: Backup product 1' })).toBeFocused();
  await page.getByRole('button', { name: 'Move up: Backup product 1' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Move up: Primary product' })).toBeFocused();
  await page.getByRole('button', { name: 'Remove: Primary product' }).press('Enter');
  await expect(field('Primary product')).toBeFocused();
  await expect(field('Primary product')).toHaveText('Product B');
  await page.getByRole('button', { name: 'Remove: Backup product 1' }).press('Enter');
  await expect(add).toBeFocused();
});

test('of a product’s licenses it is told how many are left of how many', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const { skuId } = await tenant.putProduct('Product A', 2);
  await tenant.putProduct('Product B', 1);
  await tenant.call('PUT', `/users/ann/licenses/${skuId}`, { body: {} });
  const page = await openAs('User Administrator', WIZARD);
  await page.getByLabel('Policy name').fill('Teams');
  await next(page);
  await choose(page, 'App', 'Microsoft Teams');
  await page.getByRole('combobox', { name: 'Primary product' }).click();
  await expect(page.getByRole('option', { name: 'Product B' })).toContainText('1 of 1 license available');
  await expect(page.getByRole('option', { name: 'Product A' })).toContainText('1 of 2 licenses available');
  await page.getByRole('option', { name: 'Product A' }).click();
  await next(page);
  await next(page);

  await expect(page.getByRole('region', { name: 'App and products' })).toContainText('1 of 2 licenses available');
});

test('a reader is told that it takes another role', async ({ openAs }) => {
  const page = await openAs('Global Reader', WIZARD);

  await expect(page.getByText('Changing it takes a role that manages licenses.')).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await expectAccessible(page);
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('a manager adds a policy', async ({ openAs, tenant }) => {
    await fourProducts(tenant);
    const page = await openAs('User Administrator', WIZARD);
    const onward = page.getByRole('button', { name: 'Volgende' });
    await page.getByLabel('Naam van het beleid').fill('Teams voor iedereen');
    await onward.click();
    await choose(page, 'App', 'Microsoft Teams');
    await choose(page, 'Primair product', 'Microsoft Teams Enterprise');
    await look(page, 'wizard-nl');
    await onward.click();
    await expect(page.getByText('4 van 4 ingeschakeld')).toBeVisible();
    await onward.click();
    await page.getByRole('button', { name: 'Beleid maken' }).click();

    await expect(heading(page, 'Teams voor iedereen is gemaakt')).toBeVisible();
    await page.getByRole('link', { name: 'Sluiten' }).click();
    await expect(page.getByRole('row', { name: /Teams voor iedereen/ })).toBeVisible();
  });
});
