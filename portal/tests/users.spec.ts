import { SAMPLE_TENANT } from './tenant';
import { expect, expectAccessible, look, test } from './test';

const SEARCH = 'Beginning of a name or user ID';

test('a user is looked up, and where each license came from is told', async ({ openAs, tenant }) => {
  const e3 = await tenant.putProduct('Office 365 E3', 4);
  const e1 = await tenant.putProduct('Office 365 E1', 4);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for everyone', [e3.skuId]);
  await tenant.signIn('ann@contoso.example');
  await tenant.signIn('ben@contoso.example');
  await tenant.call('PUT', `/users/ann@contoso.example/licenses/${e1.skuId}`, {
    name: 'grace@contoso.example',
    body: { disabledServicePlanIds: [e1.servicePlans[1]?.servicePlanId] },
  });
  const page = await openAs('User Administrator', '/users');
  await expect(page.getByText('Type the beginning of a user')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('searchbox', { name: SEARCH }).fill('AN');
  const list = page.getByRole('list', { name: 'Users' });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list).toContainText('2 licenses');
  await expect(page).toHaveURL(/q=AN$/);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'ann@contoso.example' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'ann@contoso.example' })).toBeFocused();
  const licenses = page.getByRole('list', { name: 'Licenses' }).getByRole('listitem');
  await expect(licenses.filter({ hasText: 'Office 365 E3' })).toContainText('Policy “Teams for everyone”');
  await expect(licenses.filter({ hasText: 'Office 365 E3' })).toContainText('All 4 on');
  await expect(licenses.filter({ hasText: 'Office 365 E1' })).toContainText('Administrator grace@contoso.example');
  await expect(licenses.filter({ hasText: 'Office 365 E1' })).toContainText('3 of 4 on. Off: Exchange Online');
  await expectAccessible(page);
  await look(page, 'users-licenses');
  await page.goBack();
  await expect(page.getByRole('searchbox', { name: SEARCH })).toHaveValue('AN');
});

test('a license is assigned, changed and taken back', async ({ openAs, tenant }) => {
  const { skuId, servicePlans } = await tenant.putProduct('Office 365 E3', 4);
  await tenant.putProduct('Office 365 E1', 0);
  const page = await openAs('User Administrator', '/users');
  await page.getByRole('searchbox', { name: SEARCH }).fill('new@contoso.example');
  await page.getByRole('link', { name: 'Open user new@contoso.example' }).click();
  await expect(page.getByRole('heading', { name: 'No licenses' })).toBeVisible();
  await page.getByRole('button', { name: 'Assign a license' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Assign a license to new@contoso.example' });
  await dialog.getByRole('button', { name: 'Assign' }).click();
  await expect(dialog).toContainText('Choose a product.');
  await expect(dialog.getByRole('option', { name: 'Office 365 E1 (no license left)' })).toBeDisabled();
  await dialog.getByLabel('Product').selectOption('Office 365 E3');
  await expect(dialog).toContainText('4 licenses available');
  await dialog.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await expect(dialog).toContainText('3 of 4 are on');
  await expectAccessible(page);
  await look(page, 'users-assign');
  await dialog.getByRole('button', { name: 'Assign' }).click();
  const licenses = page.getByRole('list', { name: 'Licenses' });
  await expect(licenses).toContainText('3 of 4 on. Off: Planner');
  await expect(licenses).toContainText('Administrator ada@contoso.example');
  expect(await tenant.call('GET', '/users/new@contoso.example/licenses')).toMatchObject({
    licenses: [{ skuId, disabledServicePlanIds: [servicePlans.at(-1)?.servicePlanId] }],
  });

  const change = page.getByRole('button', { name: 'Change services: Office 365 E3' });
  await change.click();
  await page.getByRole('checkbox', { name: /^All apps and services/ }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(licenses).toContainText('All 4 on');
  await expect(change).toBeFocused();

  await page.getByRole('button', { name: 'Take back: Office 365 E3' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('loses what is in it at once');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(licenses).toContainText('Office 365 E3');
  await page.getByRole('button', { name: 'Take back: Office 365 E3' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByRole('heading', { name: 'No licenses' })).toBeVisible();
  expect(await tenant.call('GET', `/products/${skuId}`)).toMatchObject({ assignedLicenses: 0 });
});

test('the last license that went while the form was open is told, and what was chosen is kept', async ({
  openAs,
  tenant,
}) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 1);
  const page = await openAs('User Administrator', '/users/ann');
  await page.getByRole('button', { name: 'Assign a license' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Product').selectOption('Office 365 E3');
  await dialog.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await tenant.call('PUT', `/users/ben/licenses/${skuId}`, { body: {} });
  await dialog.getByRole('button', { name: 'Assign' }).click();

  await expect(dialog.getByRole('alert')).toContainText('No license of this product is left.');
  await expect(dialog.getByRole('checkbox', { name: 'Planner' })).not.toBeChecked();
});

test('a license that the user claims while it is being assigned is left as it was claimed', async ({
  openAs,
  tenant,
}) => {
  const e3 = await tenant.putProduct('Office 365 E3', 4);
  const e1 = await tenant.putProduct('Office 365 E1', 4);
  await tenant.turn(true);
  const policy = await tenant.createPolicy('Teams for everyone', [e3.skuId]);
  const off = [e3.servicePlans.at(-1)?.servicePlanId];
  await tenant.call('PATCH', `/policies/${policy.id}`, {
    body: { products: [{ skuId: e3.skuId, disabledServicePlanIds: off }] },
    headers: { 'If-Match': '*' },
  });
  const page = await openAs('User Administrator', '/users/ann');
  await page.getByRole('button', { name: 'Assign a license' }).click();
  const dialog = page.getByRole('alertdialog');
  const assign = dialog.getByRole('button', { name: 'Assign' });
  await dialog.getByLabel('Product').selectOption('Office 365 E3');
  await tenant.signIn('ann');

  await expect(dialog.getByText('ann has received a license of Office 365 E3 in the meantime.')).toBeVisible();
  await expect(assign).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
  await dialog.getByLabel('Product').selectOption('Office 365 E1');
  await expect(dialog.getByText('in the meantime')).toHaveCount(0);
  await assign.click();
  await expect(dialog).toHaveCount(0);
  expect(await tenant.call('GET', '/users/ann/licenses')).toMatchObject({
    licenses: expect.arrayContaining([
      expect.objectContaining({ skuId: e3.skuId, disabledServicePlanIds: off }),
      expect.objectContaining({ skuId: e1.skuId, disabledServicePlanIds: [] }),
    ]),
  });
});

test('a license that is taken back while its services are chosen is not assigned anew', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 4);
  await tenant.call('PUT', `/users/ann/licenses/${skuId}`, { body: {} });
  const page = await openAs('User Administrator', '/users/ann');
  await page.getByRole('button', { name: 'Change services: Office 365 E3' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await tenant.call('DELETE', `/users/ann/licenses/${skuId}`);

  await expect(dialog.getByText('ann no longer holds this license')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'No licenses' })).toBeVisible();
});

test('services that another administrator changes meanwhile are taken over, or told', async ({ openAs, tenant }) => {
  const { skuId, servicePlans } = await tenant.putProduct('Office 365 E3', 4);
  const [, exchange, sharePoint, planner] = servicePlans.map(({ servicePlanId }) => servicePlanId);
  const turnOff = (...off: unknown[]) =>
    tenant.call('PUT', `/users/ann/licenses/${skuId}`, { body: { disabledServicePlanIds: off } });
  await turnOff();
  const page = await openAs('User Administrator', '/users/ann');
  await page.getByRole('button', { name: 'Change services: Office 365 E3' }).click();
  const dialog = page.getByRole('alertdialog');
  await turnOff(exchange);
  await expect(dialog.getByText('Another administrator has changed this')).toBeVisible();
  await expect(dialog.getByRole('checkbox', { name: 'Exchange Online' })).not.toBeChecked();
  await dialog.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await turnOff(sharePoint);
  await expect(dialog.getByText('You have changed Apps and services too')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();

  await expect(dialog).toHaveCount(0);
  const { licenses } = await tenant.call<{ licenses: { disabledServicePlanIds: string[] }[] }>(
    'GET',
    '/users/ann/licenses',
  );
  expect(licenses[0]?.disabledServicePlanIds.toSorted()).toEqual([exchange, planner].toSorted());
});

test('all licenses of a user are taken back at once', async ({ openAs, tenant }) => {
  for (const name of ['Office 365 E3', 'Office 365 E1']) {
    const { skuId } = await tenant.putProduct(name, 1);
    await tenant.call('PUT', `/users/ann/licenses/${skuId}`, { body: {} });
  }
  const page = await openAs('User Administrator', '/users/ann');
  await page.getByRole('button', { name: 'Take all back' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take all back' }).click();

  await expect(page.getByRole('heading', { name: 'No licenses' })).toBeVisible();
});

test('a license that is claimed while the page is open appears', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 1);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for everyone', [skuId]);
  const page = await openAs('Global Reader', '/users/ann');
  await expect(page.getByRole('heading', { name: 'No licenses' })).toBeVisible();
  await tenant.signIn('ann');

  await expect(page.getByRole('list', { name: 'Licenses' })).toContainText('Teams for everyone');
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expectAccessible(page);
});

test('an id of another organisation’s form is not offered to be opened', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/users?q=no%20such%20user');

  await expect(page.getByRole('heading', { name: 'No such user yet' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link')).toHaveCount(0);
});

test('a reader is not told that a license can be assigned', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/users?q=nobody');

  await expect(page.getByRole('heading', { name: 'No such user yet' })).toBeVisible();
  await expect(page.getByText('you can assign a license')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('link')).toHaveCount(0);
});

test('the navigation and the browser’s Back lead to a search, and away from it', async ({ openAs }) => {
  const page = await openAs('User Administrator', '/users');
  const search = page.getByRole('searchbox', { name: SEARCH });
  await search.fill('ann');
  await expect(page.getByRole('heading', { name: 'No such user yet' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();

  await expect(search).toHaveValue('');
  await expect(page.getByText('Type the beginning of a user')).toBeVisible();
  await page.goBack();
  await expect(search).toHaveValue('ann');
  await expect(page.getByRole('heading', { name: 'No such user yet' })).toBeVisible();
  await page.goForward();
  await expect(search).toHaveValue('');
});

test('many users come page by page, by keyboard too', async ({ openAs, stack }) => {
  await stack.sample();
  const page = await openAs('User Administrator', '/users?q=a', { tenant: SAMPLE_TENANT });
  const rows = page.getByRole('list', { name: 'Users' }).getByRole('listitem');
  await expect(rows.nth(19)).toBeVisible();
  const more = page.getByRole('button', { name: 'Show more' });
  await expect(more).toBeVisible();
  await look(page, 'users');
  const before = await rows.count();
  await more.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => rows.count()).toBeGreaterThan(before);
  await rows.first().getByRole('link').focus();
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveURL(/\/users\/[^/?]+$/);
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('a license is assigned and taken back', async ({ openAs, tenant }) => {
    await tenant.putProduct('Office 365 E3', 4);
    const page = await openAs('User Administrator', '/users/ann');
    await page.getByRole('button', { name: 'Een licentie toewijzen' }).click();
    await page.getByLabel('Product').selectOption('Office 365 E3');
    await page.getByRole('button', { name: 'Toewijzen', exact: true }).click();
    await expect(page.getByText('ann heeft nu een licentie van Office 365 E3.').last()).toBeVisible();
    await expect(page.getByText('Beheerder ada@contoso.example')).toBeVisible();
    await look(page, 'users-licenses-nl');
    await page.getByRole('button', { name: 'Intrekken: Office 365 E3' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Intrekken' }).click();

    await expect(page.getByRole('heading', { name: 'Geen licenties' })).toBeVisible();
  });
});
