import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { TEAMS_PLAN } from './tenant';
import { expect, expectAccessible, look, test } from './test';

const row = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

test('the built-in app stands with its ids and the products that license it', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 4);
  await tenant.turn(true);
  await tenant.createPolicy('Teams for everyone', [skuId]);
  const page = await openAs('User Administrator', '/licenses/apps');
  await expect(row(page, 'Microsoft Teams')).toContainText('In 1 product');
  await page.getByRole('button', { name: /^Microsoft Teams/ }).click();

  await expect(row(page, 'Microsoft Teams')).toContainText('1fec8e78-bce4-4aaf-ab1b-5451cc387264');
  await expect(row(page, 'Microsoft Teams')).toContainText('Office 365 E3');
  await expect(row(page, 'Microsoft Teams')).toContainText('Teams for everyone');
  await expect(row(page, 'Microsoft Teams')).toContainText('Built in');
  await expect(row(page, 'Microsoft Teams')).toContainText('It cannot be deleted: the policy Teams for everyone');
  await expectAccessible(page);
  await look(page, 'apps');
});

test('an app of one’s own is added, edited and deleted', async ({ openAs, tenant }) => {
  await tenant.putProduct('Office 365 E3', 4);
  await tenant.putProduct('Office 365 E1', 4);
  const other = randomUUID();
  const page = await openAs('User Administrator', '/licenses/apps');
  const add = page.getByRole('button', { name: 'Add an app' });
  await add.click();
  const dialog = page.getByRole('alertdialog', { name: 'Add an app' });
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toContainText('Enter 1 to 128 characters.');
  await expect(dialog).toContainText('Choose at least one service.');

  await dialog.getByLabel('Name', { exact: true }).fill('Time sheets');
  await dialog.getByLabel('App ID', { exact: true }).fill('time-sheets');
  await dialog.getByLabel('Client app IDs').fill(`${randomUUID()}\ntime-sheets-web`);
  await dialog.getByRole('searchbox', { name: 'Filter services' }).fill('planner');
  await dialog.getByRole('checkbox', { name: 'Planner' }).first().check();
  await expect(dialog).toContainText('Chosen: 1. 1 of your products has one of them.');
  await dialog.getByLabel('Another service, by its service plan ID').fill('no such thing');
  await dialog.getByRole('button', { name: 'Add service' }).click();
  await expect(dialog).toContainText('Enter a GUID');
  await dialog.getByLabel('Another service, by its service plan ID').fill(other.toUpperCase());
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('checkbox', { name: `Service plan ${other}` })).toBeChecked();
  await expectAccessible(page);
  await look(page, 'apps-add');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(row(page, 'Time sheets')).toContainText('In 1 product');
  await expect(add).toBeFocused();
  const { servicePlanIds, clientAppIds } = await tenant.call<{ servicePlanIds: string[]; clientAppIds: string[] }>(
    'GET',
    '/apps/time-sheets',
  );
  expect(servicePlanIds).toContain(other);
  expect(clientAppIds).toContain('time-sheets-web');

  await page.getByRole('button', { name: /^Time sheets/ }).click();
  await row(page, 'Time sheets').getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('checkbox', { name: 'Microsoft Teams' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Time sheets')).toContainText('In 2 products');

  await row(page, 'Time sheets').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row(page, 'Time sheets')).toHaveCount(0);
});

test('the built-in app is edited and deleted like any other', async ({ openAs, tenant }) => {
  const page = await openAs('User Administrator', '/licenses/apps');
  await page.getByRole('button', { name: /^Microsoft Teams/ }).click();
  await row(page, 'Microsoft Teams').getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('alertdialog').getByLabel('Name', { exact: true }).fill('Teams at Contoso');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Teams at Contoso')).toContainText('Built in');
  expect(await tenant.call('GET', '/apps/microsoft-teams')).toMatchObject({ name: 'Teams at Contoso' });
  await row(page, 'Teams at Contoso').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();

  await expect(row(page, 'Teams at Contoso')).toHaveCount(0);
  expect(await tenant.call('GET', '/apps')).toMatchObject({ value: [] });
});

test('a service that another administrator adds to the app meanwhile has its check box', async ({ openAs, tenant }) => {
  await tenant.putProduct('Office 365 E3', 4);
  const other = randomUUID();
  const put = (servicePlanIds: string[], headers = {}) =>
    tenant.call('PUT', '/apps/hours', {
      body: { name: 'Hours', clientAppIds: ['hours-web'], servicePlanIds },
      headers,
    });
  await put([TEAMS_PLAN]);
  const page = await openAs('User Administrator', '/licenses/apps');
  await page.getByRole('button', { name: /^Hours/ }).click();
  await row(page, 'Hours').getByRole('button', { name: 'Edit' }).click();
  const box = page.getByRole('checkbox', { name: `Service plan ${other}` });
  await put([TEAMS_PLAN, other], { 'If-Match': '*' });

  await expect(box).toBeChecked();
  await box.uncheck();
  await expect(box).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  expect(await tenant.call('GET', '/apps/hours')).toMatchObject({ servicePlanIds: [TEAMS_PLAN] });
});

test('of very many services the first stand in the form, those that are chosen, and how many more there are', async ({
  openAs,
  tenant,
}) => {
  const numbers = Array.from({ length: 150 }, (_each, place) => (place + 1).toString().padStart(3, '0'));
  await tenant.call('PUT', `/products/${randomUUID()}`, {
    body: {
      skuPartNumber: 'EVERYTHING',
      displayName: 'Everything',
      totalLicenses: 1,
      servicePlans: numbers.map((number) => ({
        servicePlanId: randomUUID(),
        servicePlanName: `SERVICE_${number}`,
        displayName: `Service ${number}`,
      })),
    },
  });
  const page = await openAs('User Administrator', '/licenses/apps');
  await page.getByRole('button', { name: 'Add an app' }).click();
  const dialog = page.getByRole('alertdialog');
  const boxes = dialog.getByRole('checkbox', { name: /^Service/ });
  await expect(boxes).toHaveCount(100);
  await expect(dialog).toContainText('50 more services. Filter to find them.');
  const filter = dialog.getByRole('searchbox', { name: 'Filter services' });
  await filter.fill('service 15');
  await expect(boxes).toHaveCount(1);
  await expect(boxes).toHaveAccessibleName('Service 150');
  await boxes.check();
  await filter.fill('');

  await expect(boxes).toHaveCount(101);
  await expect(dialog).toContainText('49 more services. Filter to find them.');
  await expect(dialog.getByRole('checkbox', { name: 'Service 150' })).toBeChecked();
  await expectAccessible(page);
});

test('Escape empties a field to filter by, and closes the form only when that is empty', async ({ openAs, tenant }) => {
  await tenant.putProduct('Office 365 E3', 4);
  const page = await openAs('User Administrator', '/licenses/apps');
  await page.getByRole('button', { name: 'Add an app' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Time sheets');
  const filter = dialog.getByRole('searchbox', { name: 'Filter services' });
  await filter.fill('planner');
  await expect(dialog.getByRole('checkbox')).toHaveCount(1);
  await filter.press('Escape');

  await expect(filter).toHaveValue('');
  await expect(dialog.getByRole('checkbox')).toHaveCount(4);
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Time sheets');
  await filter.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('what the service refuses is said in the form, which stays', async ({ openAs, tenant }) => {
  await tenant.putProduct('Office 365 E3', 4);
  const page = await openAs('User Administrator', '/licenses/apps');
  await page.getByRole('button', { name: 'Add an app' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Another Teams');
  await dialog.getByLabel('App ID', { exact: true }).fill('microsoft-teams');
  await dialog.getByLabel('Client app IDs').fill('1fec8e78-bce4-4aaf-ab1b-5451cc387264');
  await dialog.getByRole('checkbox', { name: 'Microsoft Teams' }).check();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toContainText('Another app has this ID.');
  await dialog.getByLabel('App ID', { exact: true }).fill('another-teams');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();

  await expect(dialog.getByRole('alert')).toContainText('Another app has this client app ID.');
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Another Teams');
});

test('an app that a policy uses says why it cannot be deleted', async ({ openAs, tenant }) => {
  const { skuId } = await tenant.putProduct('Office 365 E3', 4);
  await tenant.call('PUT', '/apps/hours', {
    body: { name: 'Hours', clientAppIds: ['hours-web'], servicePlanIds: [TEAMS_PLAN] },
  });
  await tenant.turn(true);
  await tenant.createPolicy('Hours for everyone', [skuId], 'hours');
  const page = await openAs('User Administrator', '/licenses/apps');
  await page.getByRole('button', { name: /^Hours/ }).click();

  await expect(row(page, 'Hours')).toContainText('It cannot be deleted: the policy Hours for everyone uses it.');
  await expect(row(page, 'Hours').getByRole('button', { name: 'Delete' })).toHaveCount(0);
});

test('a reader sees the apps, and nothing to press that would fail', async ({ openAs, tenant }) => {
  await tenant.call('PUT', '/apps/hours', {
    body: { name: 'Hours', clientAppIds: ['hours-web'], servicePlanIds: [TEAMS_PLAN] },
  });
  const page = await openAs('Global Reader', '/licenses/apps');
  await page.getByRole('button', { name: /^Hours/ }).focus();
  await page.keyboard.press('Enter');
  await expect(row(page, 'Hours')).toContainText('hours-web');

  await expect(page.getByRole('main').getByRole('button')).toHaveCount(2);
  await expectAccessible(page);
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('an app is added', async ({ openAs, tenant }) => {
    await tenant.putProduct('Office 365 E3', 4);
    const page = await openAs('User Administrator', '/licenses/apps');
    await page.getByRole('button', { name: 'Een app toevoegen' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('Naam', { exact: true }).fill('Urenstaten');
    await dialog.getByLabel('App-id', { exact: true }).fill('urenstaten');
    await dialog.getByLabel("Client-app-id's").fill('urenstaten-web');
    await dialog.getByRole('checkbox', { name: 'Planner' }).check();
    await dialog.getByRole('button', { name: 'Toevoegen', exact: true }).click();

    await expect(page.getByText('Urenstaten is toegevoegd.').last()).toBeVisible();
    await expect(row(page, 'Urenstaten')).toContainText('In 1 product');
  });
});
