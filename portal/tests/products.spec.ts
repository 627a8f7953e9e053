import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { components } from '../src/api/schema';
import { SAMPLE_TENANT, TEAMS_PLAN } from './tenant';
import { expect, expectAccessible, look, test } from './test';

type Product = components['schemas']['ProductAnswer'];

const row = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

test('the products stand with what is assigned and left, and with what is inside', async ({ openAs, tenant }) => {
  const product = await tenant.putProduct('Office 365 E3', 4);
  await tenant.putProduct('Office 365 E1', 10);
  for (const user of ['ann', 'ben', 'cas']) {
    await tenant.call('PUT', `/users/${user}/licenses/${product.skuId}`, { body: {} });
  }
  await tenant.turn(true);
  await tenant.createPolicy('Teams for everyone', [product.skuId]);
  const page = await openAs('User Administrator', '/licenses/products');

  await expect(row(page, 'Office 365 E3')).toContainText('3 of 4 assigned, 1 available');
  await expect(row(page, 'Office 365 E1')).toContainText('0 of 10 assigned, 10 available');
  await page.getByRole('button', { name: /^Office 365 E3/ }).click();
  await expect(row(page, 'Office 365 E3')).toContainText(product.skuId);
  await expect(row(page, 'Office 365 E3')).toContainText('Teams for everyone');
  await expect(row(page, 'Office 365 E3')).toContainText('SharePoint Online');
  await expect(row(page, 'Office 365 E3')).toContainText('It cannot be deleted: 3 licenses are assigned.');
  await expectAccessible(page);
});

test('licenses are bought and removed by one new total', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 10);
  for (const user of ['ann', 'ben']) await tenant.call('PUT', `/users/${user}/licenses/${skuId}`, { body: {} });
  const page = await openAs('Billing Administrator', '/licenses/products');
  const open = page.getByRole('button', { name: 'Buy or remove licenses: Office 365 E3' });
  await open.click();
  const dialog = page.getByRole('alertdialog', { name: 'Licenses of Office 365 E3' });
  const total = dialog.getByLabel('Total licenses');

  await total.fill('1');
  await expect(dialog).toContainText('2 licenses are assigned. Enter at least that many');
  await expect(dialog.getByRole('button', { name: 'Remove 9 licenses' })).toHaveAttribute('aria-disabled', 'true');
  await total.fill('1.5');
  await expect(dialog).toContainText('Enter a whole number from 0 to 10,000,000.');
  await total.fill('35');
  await expect(dialog).toContainText('After this, 33 licenses are available.');
  await expectAccessible(page);
  await look(page, 'products-buy');
  await dialog.getByRole('button', { name: 'Buy 25 licenses' }).click();
  await expect(page.getByText('Office 365 E3 has 35 licenses now.').last()).toBeVisible();
  await expect(row(page, 'Office 365 E3')).toContainText('2 of 35 assigned, 33 available');
  await expect(open).toBeFocused();

  await open.click();
  await total.fill('2');
  await dialog.getByRole('button', { name: 'Remove 33 licenses' }).click();
  await expect(row(page, 'Office 365 E3')).toContainText('2 of 2 assigned, 0 available');
});

test('a total that sign-ins have overtaken is refused in words, and what was entered is kept', async ({
  openAs,
  tenant,
}) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 10);
  const page = await openAs('User Administrator', '/licenses/products');
  await page.getByRole('button', { name: 'Buy or remove licenses: Office 365 E3' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Total licenses').fill('0');
  // From here on the page does not see by itself that somebody has claimed.
  await page.route('**/api/products?*', (route) => route.abort());
  await tenant.call('PUT', `/users/ann/licenses/${skuId}`, { body: {} });
  await dialog.getByRole('button', { name: 'Remove 10 licenses' }).click();

  await expect(dialog.getByRole('alert')).toContainText('More licenses than that are assigned.');
  await expect(dialog.getByLabel('Total licenses')).toHaveValue('0');
});

test('what another administrator bought meanwhile is shown, and not overwritten', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 10);
  const page = await openAs('User Administrator', '/licenses/products');
  await page.getByRole('button', { name: 'Buy or remove licenses: Office 365 E3' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Total licenses').fill('30');
  const { etag, skuPartNumber, displayName, servicePlans } = await tenant.call<Product>('GET', `/products/${skuId}`);
  await tenant.call('PUT', `/products/${skuId}`, {
    body: { skuPartNumber, displayName, servicePlans, totalLicenses: 20 },
    headers: { 'If-Match': etag },
  });

  await expect(dialog).toContainText('Another administrator has changed this product in the meantime.');
  await expect(dialog).toContainText('0 of 20 assigned');
  await dialog.getByRole('button', { name: 'Buy 10 licenses' }).click();
  await expect(row(page, 'Office 365 E3')).toContainText('0 of 30 assigned');
});

test('a product from the list is added with all that is inside, and deleted again', async ({ openAs, tenant }) => {
  const page = await openAs('User Administrator', '/licenses/products');
  await expect(page.getByRole('heading', { name: 'No products yet' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Add a product' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Add a product' });
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toContainText('Choose a product that your organisation does not have yet.');
  await dialog.getByLabel('Product', { exact: true }).selectOption('Office 365 E3');
  await dialog.getByLabel('Total licenses').fill('400');
  await expectAccessible(page);
  await look(page, 'products-add');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();

  await expect(page.getByText('Office 365 E3 was added.').last()).toBeVisible();
  await expect(row(page, 'Office 365 E3')).toContainText('37 apps and services');
  await expect(row(page, 'Office 365 E3')).toContainText('0 of 400 assigned, 400 available');
  const { value } = await tenant.call<{ value: Product[] }>('GET', '/products');
  expect(value.map(({ skuPartNumber }) => skuPartNumber)).toEqual(['ENTERPRISEPACK']);

  await page.getByRole('button', { name: /^Office 365 E3/ }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No products yet' })).toBeVisible();
});

test('a product of one’s own is described, and edited', async ({ openAs, tenant }) => {
  await tenant.putProduct('Office 365 E1', 1);
  const page = await openAs('User Administrator', '/licenses/products');
  await page.getByRole('button', { name: 'Add a product' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('radio', { name: 'Another product' }).click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toContainText('Enter a GUID');
  await expect(dialog).toContainText('Give each a name and a technical name');

  const skuId = randomUUID();
  await dialog.getByLabel('Name', { exact: true }).first().fill('Time sheets');
  await dialog.getByLabel('Part number').fill('TIME_SHEETS');
  await dialog.getByLabel('Product ID').fill(skuId.toUpperCase());
  await dialog.getByLabel('Total licenses').fill('5');
  const first = dialog.getByRole('group', { name: 'App or service 1' });
  await first.getByLabel('Name', { exact: true }).fill('Hours');
  await first.getByLabel('Technical name').fill('HOURS');
  await first.getByLabel('Service plan ID').fill(randomUUID());
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(row(page, 'Time sheets')).toContainText('1 app or service');

  await page.getByRole('button', { name: /^Time sheets/ }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await dialog.getByRole('button', { name: 'Add an app or service' }).click();
  const second = dialog.getByRole('group', { name: 'App or service 2' });
  await second.getByLabel('Name', { exact: true }).fill('Approval');
  await second.getByLabel('Technical name').fill('APPROVAL');
  await second.getByLabel('Service plan ID').fill(randomUUID());
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Time sheets')).toContainText('2 apps and services');
  expect(await tenant.call('GET', `/products/${skuId}`)).toMatchObject({
    displayName: 'Time sheets',
    totalLicenses: 5,
  });
});

test('the numbers follow claims, and an open row stays open', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 10);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for everyone', [skuId]);
  const page = await openAs('Global Reader', '/licenses/products');
  await page.getByRole('button', { name: /^Office 365 E3/ }).click();
  await expect(row(page, 'Office 365 E3')).toContainText('0 of 10 assigned');
  await tenant.signIn('ann');

  await expect(row(page, 'Office 365 E3')).toContainText('1 of 10 assigned, 9 available');
  await expect(row(page, 'Office 365 E3')).toContainText(skuId);
});

test('a reader sees all of it, and nothing to press that would fail', async ({ openAs, tenant }) => {
  await tenant.putProduct('Office 365 E3', 10);
  const page = await openAs('Reports Reader', '/licenses/products');
  await page.getByRole('button', { name: /^Office 365 E3/ }).click();
  await expect(row(page, 'Office 365 E3')).toContainText('SharePoint Online');

  const buttons = page.getByRole('main').getByRole('button');
  await expect(buttons).toHaveCount(2);
  await expect(buttons.first()).toHaveAccessibleName('Clear');
  await expect(buttons.last()).toHaveAttribute('aria-expanded', 'true');
});

test('a product that several policies give says which', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 4);
  await tenant.call('PUT', '/apps/hours', {
    body: { name: 'Hours', clientAppIds: ['hours-web'], servicePlanIds: [TEAMS_PLAN] },
  });
  await tenant.turn(true);
  await tenant.createPolicy('Hours for everyone', [skuId], 'hours');
  const page = await openAs('User Administrator', '/licenses/products');
  await page.getByRole('button', { name: /^Office 365 E3/ }).click();
  const reason = row(page, 'Office 365 E3').getByText('It cannot be deleted');
  await expect(reason).toHaveText('It cannot be deleted: it is in the policy Hours for everyone.');
  await tenant.createPolicy('Teams for everyone', [skuId]);

  await expect(reason).toHaveText(
    'It cannot be deleted: it is in the policies Hours for everyone and Teams for everyone.',
  );
});

test('a reader of an empty list is not told to add to it', async ({ openAs }) => {
  const page = await openAs('Reports Reader', '/licenses/products');

  await expect(page.getByRole('heading', { name: 'No products yet' })).toBeVisible();
  await expect(page.getByText('Someone who manages licenses can add')).toBeVisible();
  await expect(page.getByText(/^Add the products/)).toHaveCount(0);
});

test('the list is filtered by name', async ({ openAs, stack }) => {
  await stack.sample();
  const page = await openAs('User Administrator', '/licenses/products', { tenant: SAMPLE_TENANT });
  const rows = page.getByRole('list', { name: 'Products' }).getByRole('heading');
  await expect(rows).toHaveCount(28);
  await look(page, 'products');
  await page.getByRole('searchbox', { name: 'Filter products' }).fill('visio');
  await expect(rows).toHaveText([/Visio Plan 2/]);
  await page.getByRole('searchbox', { name: 'Filter products' }).fill('no such');
  await expect(page.getByText('No product has “no such” in its name.')).toBeVisible();
});

test('the keyboard is enough', async ({ openAs, tenant }) => {
  await tenant.putProduct('Office 365 E3', 10);
  const page = await openAs('User Administrator', '/licenses/products');
  await page.getByRole('searchbox', { name: 'Filter products' }).focus();
  await page.keyboard.type('e3');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Add a product' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Office 365 E3/ })).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Total licenses')).toBeVisible();
  await page.getByLabel('Total licenses').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');

  await expect(row(page, 'Office 365 E3')).toContainText('0 of 12 assigned');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Buy or remove licenses: Office 365 E3' })).toBeFocused();
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('the sample’s many products are all there', async ({ openAs, stack }) => {
    await stack.sample();
    const page = await openAs('User Administrator', '/licenses/products', { tenant: SAMPLE_TENANT });
    await expect(row(page, 'Visio Plan 2')).toContainText('beschikbaar');
    await expectAccessible(page);
    await look(page, 'products-nl');
  });

  test('licenses are bought', async ({ openAs, tenant }) => {
    await tenant.putProduct('Office 365 E3', 10);
    const page = await openAs('User Administrator', '/licenses/products');
    await page.getByRole('button', { name: 'Licenties kopen of verwijderen: Office 365 E3' }).click();
    await page.getByLabel('Totaal aantal licenties').fill('1010');
    await expect(page.getByText('Hierna zijn er 1.010 licenties beschikbaar.')).toBeVisible();
    await page.getByRole('button', { name: '1.000 licenties kopen' }).click();

    await expect(page.getByText('Office 365 E3 heeft nu 1.010 licenties.').last()).toBeVisible();
  });
});
