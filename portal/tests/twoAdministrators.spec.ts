import type { Page } from '@playwright/test';
import type { components } from '../src/api/schema';
import { TEAMS_PLAN, type Tenant } from './tenant';
import { expect, expectAccessible, look, test } from './test';

type Policy = components['schemas']['PolicyAnswer'];

const E3 = 'Office 365 E3';
const ESSENTIALS = 'Microsoft Teams Essentials';
const F3 = 'Office 365 F3';

async function preparePolicy(tenant: Tenant): Promise<Policy> {
  await tenant.turn(true);
  const skuIds = [];
  for (const name of [E3, ESSENTIALS, F3]) skuIds.push((await tenant.putProduct(name, 25)).skuId);
  return tenant.createPolicy('Teams for everybody', skuIds);
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The policy is saved.')).toBeVisible();
}

test('two administrators edit one policy: the slower one sees what the other did, and decides field by field', async ({
  browser,
  openAs,
  stack,
  tenant,
}) => {
  const { id } = await preparePolicy(tenant);
  const context = await browser.newContext({ baseURL: stack.url, locale: 'en-GB', reducedMotion: 'reduce' });
  const path = `/licenses/policies/${id}`;
  const ada = await openAs('User Administrator', path);
  const grace = await openAs('User Administrator', path, {
    name: 'grace@contoso.example',
    page: await context.newPage(),
  });

  await ada.getByRole('textbox', { name: 'Policy name' }).fill('Teams, says Ada');
  await ada.getByRole('checkbox', { name: F3 }).check();
  await ada.getByRole('button', { name: 'Move up' }).click();
  await grace.getByRole('textbox', { name: 'Policy name' }).fill('Teams, says Grace');
  await grace.getByRole('switch').click();
  await grace.getByRole('checkbox', { name: ESSENTIALS }).check();
  await grace.getByRole('button', { name: 'Remove' }).click();
  await grace.getByRole('tab', { name: 'Apps and services' }).click();
  await grace.getByRole('combobox', { name: 'Product' }).selectOption(E3);
  await grace.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await save(grace);
  await context.close();
  // Ada is told as soon as her page reads the policy again, and nothing that she entered changes.
  await expect(ada.getByText('Another administrator has changed this policy in the meantime.')).toBeVisible();
  await expect(ada.getByRole('textbox', { name: 'Policy name' })).toHaveValue('Teams, says Ada');
  await ada.getByRole('button', { name: 'Save' }).click();

  const question = ada.getByRole('alertdialog', { name: 'Another administrator was faster' });
  await expect(question).toContainText('grace@contoso.example saved this policy');
  const fields = question.getByRole('listitem');
  await expect(fields).toHaveCount(4);
  await expect(fields.nth(0)).toContainText('Before: Teams for everybody');
  await expect(fields.nth(1)).toContainText('Before: On');
  await expect(fields.nth(1)).toContainText('Now: Off');
  await expect(fields.nth(2)).toContainText(`Keep mine: 1. ${E3}, 2. ${F3}, 3. ${ESSENTIALS}`);
  await expect(fields.nth(2)).toContainText(`Take theirs: 1. ${E3}, 2. ${F3}`);
  await expect(fields.nth(3)).toContainText('Now: everything on but Planner');
  await expectAccessible(ada, '[role="alertdialog"]');
  await look(ada, 'policy-pane-conflict');
  await fields.nth(0).getByRole('radio', { name: 'Take theirs' }).check();
  await question.getByRole('button', { name: 'Save' }).click();
  await expect(ada.getByText('The policy is saved.')).toBeVisible();

  const saved = await tenant.call<Policy>('GET', `/policies/${id}`);
  expect(saved).toMatchObject({ name: 'Teams, says Grace', enabled: false });
  expect(saved.products.map((product) => product.displayName)).toEqual([E3, F3, ESSENTIALS]);
  expect(saved.products.map((product) => product.disabledServicePlanIds.length)).toEqual([1, 0, 0]);
  expect(saved.modifiedBy).toMatchObject({ name: 'ada@contoso.example' });
});

test('changes that do not touch each other are both kept', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('textbox', { name: 'Policy name' }).fill('Renamed here');
  await tenant.call('PATCH', `/policies/${id}`, { body: { enabled: false }, headers: { 'If-Match': '*' } });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('both changes can stay');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  expect(await tenant.call('GET', `/policies/${id}`)).toMatchObject({ name: 'Renamed here', enabled: false });
});

test('taking theirs in everything leaves the policy as they saved it', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('textbox', { name: 'Policy name' }).fill('Mine');
  const body = { name: 'Theirs' };
  const { etag } = await tenant.call<Policy>('PATCH', `/policies/${id}`, { body, headers: { 'If-Match': '*' } });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('radio', { name: 'Take theirs: Theirs' }).check();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Save' }).click();

  await expect(page.getByRole('textbox', { name: 'Policy name' })).toHaveValue('Theirs');
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  expect(await tenant.call('GET', `/policies/${id}`)).toMatchObject({ etag });
});

test('whoever is not ready to decide goes on editing, and meets a third change as the second', async ({
  openAs,
  tenant,
}) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  const change = (body: unknown) => tenant.call('PATCH', `/policies/${id}`, { body, headers: { 'If-Match': '*' } });
  await page.getByRole('textbox', { name: 'Policy name' }).fill('Mine');
  await change({ name: 'Second' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Policy name' })).toHaveValue('Mine');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('radio', { name: 'Take theirs: Second' })).toBeVisible();
  await change({ name: 'Third' });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('radio', { name: 'Take theirs: Third' })).toBeVisible();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  expect(await tenant.call('GET', `/policies/${id}`)).toMatchObject({ name: 'Mine' });
});

test('without changes of one’s own, what another administrator saves is simply shown', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await expect(page.getByRole('switch')).toBeChecked();
  await tenant.call('PATCH', `/policies/${id}`, { body: { enabled: false }, headers: { 'If-Match': '*' } });

  await expect(page.getByRole('switch')).not.toBeChecked();
});

test('a policy that another administrator has changed is deleted only after that was said', async ({
  openAs,
  tenant,
}) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  const rename = (name: string) =>
    tenant.call('PATCH', `/policies/${id}`, { body: { name }, headers: { 'If-Match': '*' } });
  const question = page.getByRole('alertdialog');
  const note = question.getByText('Another administrator has changed this in the meantime.');
  await page.getByRole('button', { name: 'Delete policy' }).click();
  await expect(question).toBeVisible();
  await expect(note).toHaveCount(0);
  await rename('Of use after all');
  await expect(note).toBeVisible();
  await expect(question).toContainText('“Of use after all” will be gone');
  await expectAccessible(page, '[role="alertdialog"]');
  await question.getByRole('button', { name: 'Cancel' }).click();

  // The page does not see what Grace does before it deletes.
  await page.getByRole('button', { name: 'Delete policy' }).click();
  await expect(note).toHaveCount(0);
  await page.route(`**/api/policies/${id}`, (route) =>
    route.request().method() === 'GET' ? route.abort() : route.continue(),
  );
  await rename('Of great use');
  const refused = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await question.getByRole('button', { name: 'Delete policy' }).click();
  expect((await refused).status()).toBe(412);
  await page.unroute(`**/api/policies/${id}`);
  await expect(note).toBeVisible();
  await expect(question).toContainText('“Of great use” will be gone');
  await question.getByRole('button', { name: 'Delete policy' }).click();

  await expect(page).toHaveURL(/\/licenses\/policies$/);
  expect(await tenant.call('GET', '/policies')).toMatchObject({ value: [] });
});

test('a product that two edit keeps both changes, and the licenses that were bought meanwhile', async ({
  openAs,
  tenant,
}) => {
  const product = await tenant.putProduct('Office 365 E3', 10);
  const { skuId, etag, servicePlans } = product;
  const page = await openAs('User Administrator', '/licenses/products');
  await page.getByRole('button', { name: /^Office 365 E3/ }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('textbox', { name: 'Name' }).first().fill('E3, says Ada');
  await tenant.call('PUT', `/products/${skuId}`, {
    body: { skuPartNumber: 'E3_BY_GRACE', displayName: 'E3, says Grace', servicePlans, totalLicenses: 20 },
    headers: { 'If-Match': etag },
  });

  await expect(dialog).toContainText('changed this in the meantime: Part number, Name and Total licenses.');
  await expect(dialog).toContainText('You have changed Name too: saving replaces what they entered.');
  await expect(dialog.getByRole('textbox', { name: 'Part number' })).toHaveValue('E3_BY_GRACE');
  await expectAccessible(page);
  await look(page, 'products-conflict');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('E3, says Ada was saved.').last()).toBeVisible();
  expect(await tenant.call('GET', `/products/${skuId}`)).toMatchObject({
    displayName: 'E3, says Ada',
    skuPartNumber: 'E3_BY_GRACE',
    totalLicenses: 20,
  });
});

test('an app that another administrator has changed since it was read is not overwritten', async ({
  openAs,
  tenant,
}) => {
  const app = { name: 'Time sheets', clientAppIds: ['sheets'], servicePlanIds: [TEAMS_PLAN] };
  await tenant.call('PUT', '/apps/sheets', { body: app });
  const page = await openAs('User Administrator', '/licenses/apps');
  await page.getByRole('button', { name: /^Time sheets/ }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Hours');
  // The page does not see what Grace does before it saves.
  await page.route('**/api/apps?*', (route) => route.abort());
  const change = { body: { ...app, clientAppIds: ['sheets', 'sheets-web'] }, headers: { 'If-Match': '*' } };
  await tenant.call('PUT', '/apps/sheets', change);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.unroute('**/api/apps?*');

  await expect(dialog).toContainText('changed this in the meantime: Client app IDs.');
  await expect(dialog.getByRole('textbox', { name: 'Client app IDs' })).toHaveValue('sheets\nsheets-web');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Hours was saved.').last()).toBeVisible();
  expect(await tenant.call('GET', '/apps/sheets')).toMatchObject({ ...change.body, name: 'Hours' });
});

test('what another administrator has deleted cannot be saved or deleted again, and the dialog says why', async ({
  openAs,
  tenant,
}) => {
  const [edited, deleted] = [await tenant.putProduct('Office 365 E1', 1), await tenant.putProduct('Office 365 E3', 1)];
  const page = await openAs('User Administrator', '/licenses/products');
  const dialog = page.getByRole('alertdialog');
  for (const [{ skuId, displayName }, button, action] of [
    [edited, 'Edit', 'Save'],
    [deleted, 'Delete', 'Delete'],
  ] as const) {
    await page.getByRole('button', { name: new RegExp(`^${displayName}`) }).click();
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await expect(dialog).toContainText(displayName);
    await tenant.call('DELETE', `/products/${skuId}`, { headers: { 'If-Match': '*' } });

    await expect(dialog).toContainText('Another administrator has deleted this in the meantime.');
    await expect(dialog.getByRole('button', { name: action })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
  }
  await expect(page.getByRole('heading', { name: 'No products yet' })).toBeVisible();
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('the slower administrator sees what the other did', async ({ openAs, tenant }) => {
    const { id } = await preparePolicy(tenant);
    const page = await openAs('User Administrator', `/licenses/policies/${id}`);
    await page.getByRole('textbox', { name: 'Naam van het beleid' }).fill('Van mij');
    await tenant.call('PATCH', `/policies/${id}`, { body: { name: 'Van een ander' }, headers: { 'If-Match': '*' } });
    await page.getByRole('button', { name: 'Opslaan' }).click();
    await look(page, 'policy-pane-conflict-nl');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Opslaan' }).click();

    await expect(page.getByText('Het beleid is opgeslagen.')).toBeVisible();
    expect(await tenant.call('GET', `/policies/${id}`)).toMatchObject({ name: 'Van mij' });
  });
});
