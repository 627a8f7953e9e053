/** A whole task with no pointing device at all: only keys are pressed, and the focus is where Tab has brought it. */
import type { Locator, Page } from '@playwright/test';
import type { components } from '../src/api/schema';
import { expect, test } from './test';

type Policy = components['schemas']['PolicyAnswer'];

/** More than any page here has stops. */
const STOPS_MAX = 60;

/** Goes on with Tab, or back with Shift+Tab, until the focus is there. */
async function goTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(target, `${key} leads here within ${STOPS_MAX.toString()} stops`).toBeFocused();
}

test('turn the setting on, open a policy, put another product first, save and close', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const skuIds = [];
  for (const name of ['Office 365 E3', 'Office 365 F3', 'Microsoft Teams Essentials'])
    skuIds.push((await tenant.putProduct(name, 25)).skuId);
  const { id } = await tenant.createPolicy('Teams for everybody', skuIds);
  await tenant.turn(false);
  const page = await openAs('User Administrator', '/licenses/policies');
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  await goTo(page, button('Turn on setting'));
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog');
  await goTo(page, question.getByRole('button', { name: 'Turn on setting' }));
  await page.keyboard.press('Enter');
  await expect(question).toHaveCount(0);

  const policy = page.getByRole('link', { name: 'Teams for everybody', exact: true });
  await goTo(page, policy);
  await page.keyboard.press('Enter');
  const rows = page.getByRole('list', { name: 'Product licenses' }).getByRole('listitem');
  await expect(rows).toHaveText([/Office 365 E3/, /Office 365 F3/, /Microsoft Teams Essentials/]);

  // One goes by Alt and an arrow, and the focus goes along.
  const essentials = page.getByRole('checkbox', { name: 'Microsoft Teams Essentials' });
  await goTo(page, essentials);
  await page.keyboard.press('Alt+ArrowUp');
  await expect(rows).toHaveText([/Office 365 E3/, /Microsoft Teams Essentials/, /Office 365 F3/]);
  await expect(essentials).toBeFocused();
  await expect(page.getByText('Microsoft Teams Essentials is now number 2 of 3.')).toBeAttached();
  // Checked ones go by the buttons.
  await page.keyboard.press('Space');
  await goTo(page, button('Move up'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveText([/Microsoft Teams Essentials/, /Office 365 E3/, /Office 365 F3/]);
  await expect(button('Move up')).toBeFocused();

  await goTo(page, button('Save'));
  await page.keyboard.press('Enter');
  await expect(page.getByText('The policy is saved.')).toBeVisible();
  await page.keyboard.press('Escape');

  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(policy).toBeFocused();
  const saved = await tenant.call<Policy>('GET', `/policies/${id}`);
  expect(saved.products.map(({ displayName }) => displayName)).toEqual([
    'Microsoft Teams Essentials',
    'Office 365 E3',
    'Office 365 F3',
  ]);
  expect(await tenant.call('GET', '/settings')).toMatchObject({ autoClaimEnabled: true });
});

test('apps and services, adding a product, and leaving without saving', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const { skuId } = await tenant.putProduct('Office 365 E3', 25);
  await tenant.putProduct('Office 365 F3', 25);
  const { id } = await tenant.createPolicy('Teams for everybody', [skuId]);
  const page = await openAs('User Administrator', `/licenses/policies/${id}`);
  const pane = page.getByRole('dialog');

  await goTo(page, pane.getByRole('button', { name: 'Add a product' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Office 365 F3' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(pane.getByRole('listitem')).toHaveText([/Office 365 E3/, /Office 365 F3/]);
  await goTo(page, pane.getByRole('tab', { name: 'Policy' }), 'Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const planner = pane.getByRole('checkbox', { name: 'Planner' }).first();
  await goTo(page, planner);
  await page.keyboard.press('Space');
  await expect(planner).not.toBeChecked();
  await page.keyboard.press('Escape');
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('Leave without saving?');
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect(planner).toBeFocused();
  await page.keyboard.press('Escape');
  await goTo(page, question.getByRole('button', { name: 'Leave' }));
  await page.keyboard.press('Enter');

  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a policy with a backup product is added', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  for (const name of ['Office 365 E3', 'Office 365 F3']) await tenant.putProduct(name, 25);
  const page = await openAs('User Administrator', '/licenses/policies/new');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const field = (name: string) => page.getByRole('combobox', { name });
  const title = (name: string) => page.getByRole('heading', { level: 2, name });

  await goTo(page, page.getByLabel('Policy name'));
  await page.keyboard.type('Teams');
  await page.keyboard.press('Enter');
  await expect(title('Set an app and a product')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(field('App')).toBeFocused();
  // The first that can be chosen.
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(field('App')).toHaveText('Microsoft Teams');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(field('Primary product')).toHaveText('Office 365 E3');
  await expect(field('Primary product')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button('Add a backup product')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field('Backup product 1')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(field('Backup product 1')).toHaveText('Office 365 F3');
  await expect(field('Backup product 1')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button('Move up: Backup product 1')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field('Primary product')).toHaveText('Office 365 F3');
  await expect(button('Move up: Primary product')).toBeFocused();

  await goTo(page, button('Next'));
  await page.keyboard.press('Enter');
  await expect(title('Choose apps and services')).toBeFocused();
  await goTo(page, page.getByRole('checkbox', { name: 'Planner' }));
  await page.keyboard.press('Space');
  await goTo(page, button('Next'));
  await page.keyboard.press('Enter');
  await expect(page.getByText('licenses of Office 365 E3')).toBeVisible();
  await goTo(page, button('Next'));
  await page.keyboard.press('Enter');
  await expect(title('Review and finish')).toBeFocused();
  await goTo(page, button('Create policy'));
  await page.keyboard.press('Enter');

  await expect(title('Teams is created')).toBeFocused();
  const { value } = await tenant.call<{ value: Policy[] }>('GET', '/policies');
  expect(value[0]?.products.map(({ displayName }) => displayName)).toEqual(['Office 365 F3', 'Office 365 E3']);
});
