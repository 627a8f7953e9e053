import type { Page } from '@playwright/test';
import type { components } from '../src/api/schema';
import type { Tenant } from './tenant';
import { expect, expectAccessible, expectNoSidewaysScroll, look, test } from './test';

type Policy = components['schemas']['PolicyAnswer'];
type Product = components['schemas']['ProductAnswer'];

/** The list behind has tests of its own, and cannot be reached while the pane is open. */
const PANE = '[role="dialog"], [role="alertdialog"], [role="menu"]';

/** A tenant with a policy of three products, the first of which has nothing left. */
async function preparePolicy(tenant: Tenant): Promise<Policy> {
  await tenant.turn(true);
  const products = [];
  for (const [name, total] of [
    ['Office 365 E3', 2],
    ['Microsoft Teams Essentials', 40],
    ['Office 365 F3', 25],
  ] as const)
    products.push(await tenant.putProduct(name, total));
  await tenant.putProduct('Microsoft 365 Business Basic', 10);
  const policy = await tenant.createPolicy(
    'Teams for everybody',
    products.map(({ skuId }) => skuId),
  );
  for (const user of ['ann', 'bob', 'cleo']) await tenant.signIn(user);
  return policy;
}

function readPolicy(tenant: Tenant, id: string): Promise<Policy> {
  return tenant.call('GET', `/policies/${id}`);
}

async function namesIn(tenant: Tenant, id: string): Promise<string[]> {
  return (await readPolicy(tenant, id)).products.map(({ displayName }) => displayName);
}

const rows = (page: Page) => page.getByRole('list', { name: 'Product licenses' }).getByRole('listitem');

test('a manager renames a policy, turns it off, and saves both at once', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  const pane = page.getByRole('dialog', { name: 'Teams for everybody' });
  await expect(pane.getByText('0 available')).toBeVisible();
  await expect(pane.getByText('39 available')).toBeVisible();
  await expectAccessible(page, PANE);
  await look(page, 'policy-pane');
  await pane.getByRole('textbox', { name: 'Policy name' }).fill('  Teams for new people ');
  await pane.getByRole('switch').click();
  await pane.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Teams for new people' })).toBeVisible();
  expect(await readPolicy(tenant, id)).toMatchObject({ name: 'Teams for new people', enabled: false });
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
});

test('checked products go up and down, one is dragged, one is added and one is removed', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  const up = page.getByRole('button', { name: 'Move up' });
  await expect(rows(page)).toHaveCount(3);
  await expect(up).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Office 365 F3' }).check();
  await page.getByRole('checkbox', { name: 'Microsoft Teams Essentials' }).check();
  await up.click();
  await expect(rows(page)).toContainText(['Microsoft Teams Essentials', 'Office 365 F3', 'Office 365 E3']);
  await expect(up).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Office 365 F3' }).uncheck();
  await page.getByRole('button', { name: 'Move down' }).click();
  await expect(rows(page)).toContainText(['Office 365 F3', 'Microsoft Teams Essentials', 'Office 365 E3']);
  await rows(page).nth(2).dragTo(rows(page).nth(0));
  await expect(rows(page)).toContainText(['Office 365 E3', 'Office 365 F3', 'Microsoft Teams Essentials']);
  await page.getByRole('button', { name: 'Add a product' }).click();
  await page.getByRole('menuitem', { name: 'Microsoft 365 Business Basic' }).click();
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(rows(page).first()).toContainText('Primary');
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  expect(await namesIn(tenant, id)).toEqual(['Office 365 E3', 'Office 365 F3', 'Microsoft 365 Business Basic']);
});

test('the last product stays, and turning the policy off is offered instead', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await expect(rows(page)).toHaveCount(3);
  for (const box of await rows(page).getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: 'Remove' }).click();

  await expect(page.getByText('so the last one cannot be removed')).toBeVisible();
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Turn the policy off' }).click();
  await expect(page.getByRole('switch')).not.toBeChecked();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The policy is saved.')).toBeVisible();
  expect(await readPolicy(tenant, id)).toMatchObject({ enabled: false });
});

test('products without the app are offered with the reason why not', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  await tenant.call('PUT', '/products/3b555118-da6a-4418-894f-7df1e2096870', {
    body: {
      skuPartNumber: 'VISIOCLIENT',
      displayName: 'Visio Plan 2',
      totalLicenses: 5,
      servicePlans: [
        {
          servicePlanId: '663a804f-1c30-4ff0-9915-9db84f0d1cea',
          servicePlanName: 'VISIO_CLIENT_SUBSCRIPTION',
          displayName: 'Visio Desktop',
        },
      ],
    },
  });
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('button', { name: 'Add a product' }).click();

  await expect(page.getByRole('menuitem', { name: 'Microsoft 365 Business Basic' })).toBeEnabled();
  await expect(page.getByRole('menuitem', { name: 'Visio Plan 2' })).toBeDisabled();
  await expect(page.getByRole('menuitem', { name: 'Visio Plan 2' })).toContainText('Does not contain Microsoft Teams');
  await expectAccessible(page, PANE);
  await look(page, 'policy-pane-add');
});

test('an organisation with one product has no backup to add, and is told so', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const { skuId } = await tenant.putProduct('Office 365 E3', 2);
  const { id } = await tenant.createPolicy('Only one', [skuId]);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);

  await expect(page.getByText('Your organisation has one product')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a product' })).toHaveCount(0);
});

test('apps and services are turned off in one product and in all of them', async ({ openAs, tenant }) => {
  const { id, etag } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('tab', { name: 'Apps and services' }).click();
  await page.getByRole('combobox', { name: 'Product' }).selectOption('Office 365 F3');
  await page.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await page.getByRole('checkbox', { name: 'Microsoft Teams' }).uncheck();
  await expect(page.getByText('Nothing that licenses Microsoft Teams is on in Office 365 F3.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Product' }).selectOption('All products');
  const teams = page.getByRole('group', { name: 'Licenses Microsoft Teams' }).getByRole('checkbox');
  await expect(teams).toHaveJSProperty('indeterminate', true);
  await expect(teams).toHaveAccessibleName(/On in 2 of 3 products/);
  await look(page, 'policy-pane-services');
  await expectAccessible(page, PANE);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').getByText('Nothing that licenses Microsoft Teams')).toBeVisible();
  expect(await readPolicy(tenant, id)).toMatchObject({ etag });
  await teams.check();
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  expect((await readPolicy(tenant, id)).products.map((each) => each.disabledServicePlanIds.length)).toEqual([0, 0, 1]);
});

test('a service that its product has lost meanwhile does not keep the policy from being saved', async ({
  openAs,
  tenant,
}) => {
  const { id, products } = await preparePolicy(tenant);
  const product = await tenant.call<Product>('GET', `/products/${products[0]?.skuId ?? ''}`);
  const { skuId, etag, displayName, skuPartNumber, totalLicenses, servicePlans } = product;
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('tab', { name: 'Apps and services' }).click();
  await page.getByRole('combobox', { name: 'Product' }).selectOption('Office 365 E3');
  await page.getByRole('checkbox', { name: 'Planner' }).uncheck();
  await page.getByRole('checkbox', { name: 'Exchange Online' }).uncheck();
  await expect(page.getByText('2 of 4 on')).toBeVisible();
  const left = servicePlans.filter((plan) => plan.displayName !== 'Planner');
  await tenant.call('PUT', `/products/${skuId}`, {
    body: { displayName, skuPartNumber, totalLicenses, servicePlans: left },
    headers: { 'If-Match': etag },
  });
  await expect(page.getByText('2 of 3 on')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  expect((await readPolicy(tenant, id)).products[0]?.disabledServicePlanIds).toEqual(
    left.filter((plan) => plan.displayName === 'Exchange Online').map(({ servicePlanId }) => servicePlanId),
  );
});

test('closing, going elsewhere and going back ask before changes are lost', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', '/licenses/policies');
  await page.goto(`/licenses/policies/${id}`);
  const name = page.getByRole('textbox', { name: 'Policy name' });
  await name.fill('Something else');
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => page.getByRole('button', { name: 'Close' }).click(),
    () => page.getByRole('dialog').getByRole('link', { name: 'View report' }).click(),
  ]) {
    await leave();
    await expect(page.getByRole('alertdialog')).toContainText('Leave without saving?');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(name).toHaveValue('Something else');
  }
  // Loading again is asked about by the browser itself.
  const asked = page.waitForEvent('dialog');
  const reloaded = page.reload();
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await reloaded;
  await expect(name).toHaveValue('Teams for everybody');
  await name.fill('Something else');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();

  await expect(page).toHaveURL(/\/licenses\/policies$/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await readPolicy(tenant, id)).toMatchObject({ name: 'Teams for everybody' });
});

test('discarding brings back what is saved, and then closing asks nothing', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('textbox', { name: 'Policy name' }).fill('Something else');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page.getByRole('textbox', { name: 'Policy name' })).toHaveValue('Teams for everybody');
  await page.getByRole('button', { name: 'Close' }).click();

  await expect(page).toHaveURL(/\/licenses\/policies$/);
});

test('a name that is missing or taken is told of at its field', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  await tenant.call('PUT', '/apps/mail', {
    body: { name: 'Mail', clientAppIds: ['mail-client'], servicePlanIds: ['57ff2da0-773e-42df-b2af-ffb7a2317929'] },
  });
  const { skuId } = await tenant.putProduct('Mail only', 5);
  await tenant.createPolicy('Mail for everybody', [skuId], 'mail');
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  const name = page.getByRole('textbox', { name: 'Policy name' });
  await name.fill(' ');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(name).toHaveAccessibleDescription('Give the policy a name.');
  await name.fill('MAIL for everybody');
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(name).toHaveAccessibleDescription('Another policy has this name.');
  await expect(name).toHaveValue('MAIL for everybody');
  await name.fill('Mail for nobody else');
  await expect(name).toHaveAccessibleDescription('');
});

test('a policy is deleted after a question, and nobody loses a license', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('textbox', { name: 'Policy name' }).fill('Unsaved, and no matter now');
  await page.getByRole('button', { name: 'Delete policy' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('Nobody loses a license');
  await look(page, 'policy-pane-delete');
  await question.getByRole('button', { name: 'Delete policy' }).click();

  await expect(page).toHaveURL(/\/licenses\/policies$/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await tenant.call('GET', '/policies')).toMatchObject({ value: [] });
  expect(await tenant.call('GET', '/users/ann/licenses')).toMatchObject({
    licenses: [{ productName: 'Office 365 E3' }],
  });
});

test('whoever claimed is listed, newest first and page by page, with the way to their licenses', async ({
  openAs,
  tenant,
}) => {
  const { id } = await preparePolicy(tenant);
  await tenant.call('DELETE', '/users/bob/licenses');
  const page = await openAs('Global Reader', `/licenses/policies/${id}`);
  // Pages of two, where the service's own have a hundred.
  await page.route('**/claims*', (route) => {
    const url = new URL(route.request().url());
    if (!url.searchParams.has('top')) url.searchParams.set('top', '2');
    return route.continue({ url: url.href });
  });
  await page.getByRole('tab', { name: 'Users' }).click();
  const people = page.getByRole('tabpanel').getByRole('listitem');
  await expect(people).toContainText(['cleo', 'bob']);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(people).toContainText(['cleo', 'bob', 'ann']);
  await expect(people.nth(0)).toContainText('Backup 1');
  await expect(people.nth(1)).toContainText('Taken back');
  await expect(page.getByRole('tabpanel')).toContainText('Users hold 2 licenses by this policy.');
  await expectAccessible(page, PANE);
  await look(page, 'policy-pane-claims');
  await page.getByRole('link', { name: 'bob' }).click();

  await expect(page).toHaveURL(/\/users.*bob/);
});

test('a policy that nobody has claimed by says so', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const { skuId } = await tenant.putProduct('Office 365 E3', 2);
  const { id } = await tenant.createPolicy('Nobody yet', [skuId]);
  const page = await openAs('Global Reader', `/licenses/policies/${id}`);
  await page.getByRole('tab', { name: 'Users' }).click();

  await expect(page.getByText('Nobody has claimed a license under this policy yet.')).toBeVisible();
});

test('whoever claims while the list is looked at comes into it', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const { skuId } = await tenant.putProduct('Office 365 E3', 2);
  const { id } = await tenant.createPolicy('Nobody yet', [skuId]);
  const page = await openAs('Global Reader', `/licenses/policies/${id}`);
  await page.getByRole('tab', { name: 'Users' }).click();
  await expect(page.getByText('Nobody has claimed a license under this policy yet.')).toBeVisible();
  const people = page.getByRole('tabpanel').getByRole('listitem');
  await tenant.signIn('ann');
  await expect(people).toContainText(['ann']);
  await tenant.signIn('bob');

  await expect(people).toContainText(['bob', 'ann']);
  await expect(page.getByRole('tabpanel')).toContainText('Users hold 2 licenses by this policy.');
});

test('the report of the policy is one click away', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('Global Reader', `/licenses/policies/${id}`);
  await page.getByRole('dialog').getByRole('link', { name: 'View report' }).click();

  await expect(page).toHaveURL(new RegExp(`/report\\?.*${id}`));
});

test('a reader sees all of it, and no button that would fail', async ({ openAs, tenant }) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('Global Reader', `/licenses/policies/${id}`);
  await expect(page.getByText('You can look at everything here.')).toBeVisible();
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByRole('switch')).toBeDisabled();
  await expect(page.getByRole('textbox', { name: 'Policy name' })).not.toBeEditable();
  await expectAccessible(page, PANE);
  await look(page, 'policy-pane-reader');
  await expect(page.getByRole('dialog').getByRole('button')).toHaveAccessibleName('Close');
  await page.getByRole('tab', { name: 'Apps and services' }).click();

  await expect(page.getByRole('checkbox', { name: 'Planner' }).first()).toBeDisabled();
});

test('a policy that is gone says so, whether it was deleted before or while it was open', async ({
  openAs,
  tenant,
}) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await expect(rows(page)).toHaveCount(3);
  await tenant.call('DELETE', `/policies/${id}`, { headers: { 'If-Match': '*' } });
  await expect(page.getByText('This policy no longer exists')).toBeVisible();
  await page.reload();
  await expect(page.getByText('This policy no longer exists')).toBeVisible();
  await expectAccessible(page, PANE);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

  await expect(page).toHaveURL(/\/licenses\/policies$/);
});

test('while the service is away what was entered stays, and is saved when it is back', async ({
  openAs,
  stack,
  tenant,
}) => {
  const { id } = await preparePolicy(tenant);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  await page.getByRole('textbox', { name: 'Policy name' }).fill('Entered before the fault');
  await stack.away();
  try {
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('dialog').getByText('The service does not answer').first()).toBeVisible();
    await look(page, 'policy-pane-away');
  } finally {
    await stack.back();
  }
  await expect(page.getByText('The service answers again')).toBeAttached();
  await expect(page.getByRole('textbox', { name: 'Policy name' })).toHaveValue('Entered before the fault');
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  expect(await readPolicy(tenant, id)).toMatchObject({ name: 'Entered before the fault' });
});

for (const [next, isSavedAgain] of [
  ['is seen to be done when the policy is read again', false],
  ['is done all the same when it is saved again before that', true],
] as const) {
  test(`a save whose answer was lost ${next}, and is blamed on nobody`, async ({ openAs, page, tenant }) => {
    const { id } = await preparePolicy(tenant);
    const address = `**/api/policies/${id}`;
    let saves = 0;
    await page.route(address, async (route) => {
      if (route.request().method() === 'PATCH') {
        saves += 1;
        if (saves > 1) return route.continue();
        await route.fetch();
        return route.abort();
      }
      // Until it is to be read again, only the version from before the save was ever read.
      return saves === 1 && isSavedAgain ? route.abort() : route.continue();
    });
    await openAs('User Administrator', `/licenses/policies/${id}`);
    const question = page.getByRole('alertdialog');
    await page.getByRole('textbox', { name: 'Policy name' }).fill('Saved, but who knows');
    await page.getByRole('button', { name: 'Save' }).click();
    if (isSavedAgain) {
      await expect(page.getByRole('alert')).toContainText('The service does not answer');
      await page.getByRole('button', { name: 'Save' }).click();
    }

    await expect(page.getByText('The policy is saved.').or(question)).toBeVisible();
    await expect(question).toHaveCount(0);
    await expect(page.getByText('Another administrator')).toHaveCount(0);
    await expect(page.getByRole('dialog').getByText('The service does not answer')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  });
}

test('long names and dozens of services fit, and a service is found by a part of its name', async ({
  openAs,
  tenant,
}) => {
  await tenant.turn(true);
  const unbroken = 'Products'.repeat(16);
  const { skuId, ...product } = await tenant.putProduct(unbroken, 1_000_000);
  const plans = Array.from({ length: 60 }, (_, number) => ({
    servicePlanId: `00000000-0000-4000-8000-0000000001${number.toString().padStart(2, '0')}`,
    servicePlanName: `PLAN_${number.toString()}`,
    displayName: `Service ${(number + 1).toString()} of sixty`,
  }));
  const { displayName, skuPartNumber, totalLicenses, servicePlans, etag } = product;
  await tenant.call('PUT', `/products/${skuId}`, {
    body: { displayName, skuPartNumber, totalLicenses, servicePlans: [...servicePlans, ...plans] },
    headers: { 'If-Match': etag },
  });
  const { id } = await tenant.createPolicy('Policies'.repeat(16), [skuId]);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  const isWider = () =>
    page.getByRole('tabpanel').evaluate((panel) => panel.scrollWidth > (panel.parentElement?.clientWidth ?? 0));
  await expect(rows(page)).toHaveCount(1);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await isWider()).toBe(false);
  await page.getByRole('tab', { name: 'Apps and services' }).click();
  await expect(page.getByText('64 of 64 on')).toBeVisible();
  expect(await isWider()).toBe(false);
  await expectNoSidewaysScroll(page);
  await page.getByRole('searchbox', { name: 'Search apps and services' }).fill('service 41');
  await expect(page.getByText('1 found')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Service 41 of sixty' }).uncheck();
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText('The policy is saved.')).toBeVisible();
  const [saved] = (await readPolicy(tenant, id)).products;
  expect(saved?.disabledServicePlanIds).toEqual(['00000000-0000-4000-8000-000000000140']);
});

test.describe('in the dark', () => {
  test.use({ colorScheme: 'dark' });

  test('the pane can be used by everyone', async ({ openAs, tenant }) => {
    const { id } = await preparePolicy(tenant);
    await tenant.turn(false);
    const page = await openAs('User Administrator', `/licenses/policies/${id}`);
    await expect(page.getByText('so nobody claims under this policy for now')).toBeVisible();
    await expectAccessible(page, PANE);
    await look(page, 'policy-pane-dark');
  });
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('a manager puts another product first and saves', async ({ openAs, tenant }) => {
    const { id } = await preparePolicy(tenant);
    const page = await openAs('User Administrator', `/licenses/policies/${id}`);
    await page.getByRole('checkbox', { name: 'Microsoft Teams Essentials' }).check();
    await page.getByRole('button', { name: 'Omhoog' }).click();
    await look(page, 'policy-pane-nl');
    await page.getByRole('button', { name: 'Opslaan' }).click();

    await expect(page.getByText('Het beleid is opgeslagen.')).toBeVisible();
    expect((await namesIn(tenant, id))[0]).toBe('Microsoft Teams Essentials');
  });
});
