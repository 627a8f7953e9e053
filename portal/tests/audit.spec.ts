import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, look, test } from './test';
import type { Tenant } from './tenant';

/** A little of everything: bought, turned on, a policy made, changed and used, a license taken back, a policy deleted. */
async function live(tenant: Tenant): Promise<void> {
  const e1 = await tenant.putProduct('Office 365 E1', 20);
  const e3 = await tenant.putProduct('Office 365 E3', 10);
  await tenant.turn(true);
  const policy = await tenant.createPolicy('Teams pilot', [e1.skuId]);
  const plan = e3.servicePlans.find(({ displayName }) => displayName === 'Planner');
  await tenant.call('PATCH', `/policies/${policy.id}`, {
    headers: { 'If-Match': '*' },
    name: 'grace@contoso.example',
    body: {
      name: 'Teams for everyone',
      products: [
        { skuId: e3.skuId, disabledServicePlanIds: [plan?.servicePlanId] },
        { skuId: e1.skuId, disabledServicePlanIds: [] },
      ],
    },
  });
  await tenant.signIn('linus');
  await tenant.call('DELETE', `/users/linus/licenses/${e3.skuId}`);
  await tenant.call('DELETE', `/policies/${policy.id}`, { headers: { 'If-Match': '*' } });
}

const entries = (page: Page): Locator => page.getByRole('main').getByRole('listitem');

test('every change is told in words, newest first, with what was before and after', async ({ openAs, tenant }) => {
  await live(tenant);
  const page = await openAs('Global Reader', '/audit');

  await expect(entries(page)).toContainText([
    'Policy Teams for everyone was deleted',
    'Office 365 E3 was taken back from linus',
    'linus claimed Office 365 E3 under Teams for everyone',
    'Policy Teams for everyone was changed',
    'Policy Teams for everyone was added',
    'Auto-claim was turned on',
    'Product Office 365 E3 was bought',
    'Product Office 365 E1 was bought',
  ]);
  const changed = entries(page).nth(3);
  await expect(changed).toContainText('By grace@contoso.example');
  await expect(changed.getByRole('deletion')).toHaveText(['Teams pilot', '1. Office 365 E1']);
  await expect(changed.getByRole('insertion')).toHaveText([
    'Teams for everyone',
    '1. Office 365 E3 (without Planner), 2. Office 365 E1',
  ]);
  await expect(entries(page).nth(2)).toContainText('By signing in');

  const bought = entries(page).nth(6);
  await expect(bought.getByText('Apps and services')).toBeHidden();
  await bought.getByText('Details').focus();
  await page.keyboard.press('Enter');
  await expect(bought).toContainText('Microsoft Teams, Exchange Online, SharePoint Online and Planner');
  await expectAccessible(page);
  await look(page, 'audit');
});

test('what happens is seen without a reload, and further back is a button away', async ({ openAs, tenant }) => {
  const product = await tenant.putProduct('Office 365 E1', 0);
  for (let total = 1; total <= 105; total += 1) {
    const { skuId, skuPartNumber, displayName, servicePlans } = product;
    const body = { skuPartNumber, displayName, servicePlans, totalLicenses: total };
    await tenant.call('PUT', `/products/${skuId}`, { body, headers: { 'If-Match': '*' } });
  }
  const page = await openAs('Global Reader', '/audit');
  await expect(entries(page)).toHaveCount(100);
  await tenant.turn(true);
  await expect(entries(page).first()).toContainText('Auto-claim was turned on');

  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(entries(page)).toHaveCount(107);
  await expect(entries(page).last()).toContainText('Product Office 365 E1 was bought');
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0);
});

test('a new organisation has an empty log, and says so', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/audit');

  await expect(page.getByRole('heading', { name: 'Nothing has happened yet' })).toBeVisible();
  await expectAccessible(page);
  await look(page, 'audit-empty');
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL', colorScheme: 'dark' });

  test('the log is Dutch, and dark where the system is', async ({ openAs, tenant }) => {
    await live(tenant);
    const page = await openAs('User Administrator', '/audit');

    await expect(entries(page)).toContainText([
      'Het beleid Teams for everyone is verwijderd',
      'Office 365 E3 is ingetrokken bij linus',
      'linus heeft Office 365 E3 geclaimd onder Teams for everyone',
      'Het beleid Teams for everyone is gewijzigd',
      'Het beleid Teams for everyone is toegevoegd',
      'Automatisch claimen is ingeschakeld',
      'Het product Office 365 E3 is gekocht',
      'Het product Office 365 E1 is gekocht',
    ]);
    await expectAccessible(page);
    await look(page, 'audit-nl');
  });
});
