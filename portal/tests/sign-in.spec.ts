import { SAMPLE_TENANT } from './tenant';
import { expect, expectAccessible, look, test } from './test';

for (const [label, canDo] of [
  ['User Administrator', 'Can view and change'],
  ['Billing Administrator', 'Can view and change'],
  ['Global Reader', 'Can view'],
  ['Reports Reader', 'Can view'],
] as const) {
  test(`${label} signs in, sees what the role may do, and signs out`, async ({ page, tenant }) => {
    await page.goto(tenant.stack.url);
    await page.getByRole('radio', { name: label }).check();
    await page.getByLabel('User name').fill('grace@contoso.example');
    await page.getByLabel('Tenant').fill(tenant.id);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await expect(page.getByRole('heading', { level: 1, name: 'Licenses' })).toBeVisible();
    await expect(page.getByText('grace@contoso.example')).toBeVisible();
    await expect(page.getByText(canDo, { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in to Autoclaim' })).toBeVisible();

    await page.reload();
    await expect(page.getByRole('heading', { name: 'Sign in to Autoclaim' })).toBeVisible();
  });
}

test('whoever has no role is told whom to ask, and sees nothing else', async ({ openAs }) => {
  const page = await openAs('none', '/settings');

  await expect(page.getByRole('heading', { name: 'You have no access to these pages' })).toBeVisible();
  await expect(page.getByRole('switch')).toHaveCount(0);
  await expectAccessible(page);
});

test('a wrong tenant is refused in the local host’s own words', async ({ page, tenant }) => {
  await page.goto(tenant.stack.url);
  await page.getByLabel('Tenant').fill('no-guid');
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByText(`is not a GUID such as ${SAMPLE_TENANT}`)).toBeVisible();
});

test('a reload keeps who is signed in, and another tab is somebody else', async ({ openAs, context, tenant }) => {
  const page = await openAs('User Administrator', '/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();

  const other = await context.newPage();
  await other.goto(tenant.stack.url);
  await expect(other.getByRole('heading', { name: 'Sign in to Autoclaim' })).toBeVisible();
});

test('the sign-in page can be used by everyone', async ({ page, tenant }) => {
  await page.goto(tenant.stack.url);
  await expect(page.getByRole('radio').first()).toBeVisible();

  await expectAccessible(page);
  await look(page, 'sign-in');
});

const MSAL = '/assets/entra-';

test('where the site says Entra, the browser leaves for Entra with what it needs to know', async ({ page, tenant }) => {
  // As far as this can be tried without a tenant of Entra's: Entra's own page is a stand-in, and nobody comes back.
  const authority = 'https://login.microsoftonline.com/organizations';
  const scope = 'api://autoclaim/access_as_user';
  const signIn = { kind: 'entra', clientId: tenant.id, authority, scope };
  await page.route('**/portal.json', (route) => route.fulfill({ json: { api: '/api', signIn } }));
  await page.route(`${authority}/**`, (route) => route.fulfill({ contentType: 'text/html', body: 'Entra' }));
  await page.goto(tenant.stack.url);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.waitForURL(`${authority}/oauth2/v2.0/authorize?**`);
  const asked = new URL(page.url()).searchParams;
  expect(asked.get('client_id')).toBe(tenant.id);
  expect(asked.get('redirect_uri')).toContain(tenant.stack.url);
  expect(asked.get('scope')?.split(' ')).toContain(scope);
  expect([asked.get('response_type'), asked.get('code_challenge_method')]).toEqual(['code', 'S256']);
});

test('a developer’s browser never loads MSAL', async ({ openAs, page }) => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await openAs('Global Reader', '/settings');
  await expect(page.getByRole('switch')).toBeVisible();

  expect(loaded.filter((url) => url.includes(MSAL))).toEqual([]);
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('the sign-in page is Dutch where the browser is', async ({ page, tenant }) => {
    await page.goto(tenant.stack.url);
    await expect(page.getByRole('heading', { name: 'Aanmelden bij Autoclaim' })).toBeVisible();
    await page.getByLabel('Tenant').fill(tenant.id);
    await page.getByRole('button', { name: 'Aanmelden' }).click();

    await expect(page.getByRole('heading', { level: 1, name: 'Licenties' })).toBeVisible();
    await expect(page).toHaveTitle('Beleid voor automatisch claimen - Autoclaim');
    await expect(page.locator('html')).toHaveAttribute('lang', 'nl');
  });
});
