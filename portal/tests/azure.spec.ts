/** The pages as they are deployed to Azure, with stand-ins for Azure and Entra: azure.ts says what they can show. */
import type { Page } from '@playwright/test';
import { deploy, endToken, type Entra, PAGES } from './azure';
import { expect, test as bare } from './test';

const ADMINISTRATOR = 'ada@contoso.example';

const test = bare.extend<{ deployed: Page; entra: Entra }>({
  entra: async ({ page, tenant }, use, testInfo) => {
    await use(await deploy(page, tenant, testInfo.outputPath('site'), ADMINISTRATOR));
  },
  deployed: async ({ page, entra }, use) => {
    expect(entra).toBeDefined(); // by then it is deployed
    await use(page);
  },
});

async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(`${PAGES}${path}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(ADMINISTRATOR)).toBeVisible();
}

/** What the browser complains of, such as what the Content-Security-Policy forbids. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

test('people come back from Entra to the page that they wanted, and change what is on it', async ({
  deployed: page,
}) => {
  const complaints = complaintsOf(page);
  await signIn(page, '/settings');

  await expect(page).toHaveURL(`${PAGES}/settings`);
  const turn = page.getByRole('switch');
  await expect(turn).not.toBeChecked();
  await turn.click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /Turn on/ })
    .click();
  await expect(turn).toBeChecked();
  expect(complaints).toEqual([]);
});

test('a reload keeps who is signed in, and a token that has ended is renewed without a question', async ({
  deployed: page,
  entra,
}) => {
  await signIn(page, '/settings');
  await expect(page.getByRole('switch')).toBeVisible();
  expect(entra.grants).toEqual(['authorization_code']);
  await endToken(page);
  await page.reload();

  await expect(page.getByRole('switch')).toBeVisible();
  await expect(page.getByText(ADMINISTRATOR)).toBeVisible();
  expect(entra.grants).toEqual(['authorization_code', 'refresh_token']);
});

for (const refusal of ['invalid_grant', 'interaction_required']) {
  test(`a sign-in that has ended (${refusal}) takes nobody away from what they enter, and is renewed by a button`, async ({
    deployed: page,
    entra,
  }) => {
    await signIn(page, '/licenses/apps');
    await page.getByRole('button', { name: 'Add an app' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Time sheets');
    entra.refusals = { refresh: refusal };
    await endToken(page);

    const banner = page.getByText('Your sign-in has ended', { exact: true });
    await expect(banner).toBeVisible();
    await expect(dialog.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Time sheets');
    // Nobody is asked again and again.
    const asked = entra.grants.length;
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    entra.refusals = {};
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await expect(page.getByRole('button', { name: 'Add an app' })).toBeVisible();
    await expect(page).toHaveURL(`${PAGES}/licenses/apps`);
    await expect(banner).toHaveCount(0);
    expect(entra.grants.slice(asked)).toEqual(['authorization_code']);
  });
}

test('whoever is refused by Entra is told why, beside the button', async ({ deployed: page, entra }) => {
  entra.refusals = { signIn: 'access_denied' };
  await page.goto(`${PAGES}/settings`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('Entra says access_denied');
  entra.refusals = {};
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByText(ADMINISTRATOR)).toBeVisible();
});

test('the site answers a path of the pages with the page, and what is not there with 404', async ({
  deployed: page,
}) => {
  await page.goto(`${PAGES}/licenses/products`);
  const statusOf = (path: string) => page.evaluate(async (asked) => (await fetch(asked)).status, path);

  expect(await statusOf('/users/ada.lovelace')).toBe(200);
  for (const path of ['/assets/gone-1a2b.js', '/gone.json', '/built', '/.vite/manifest.json', '/.auth/login/aad'])
    expect(await statusOf(path), path).toBe(404);
});

test('script from elsewhere does not run, and the pages call nobody else', async ({ deployed: page }) => {
  await page.route('https://elsewhere.example/**', (route) => route.fulfill({ body: 'window.ran = "elsewhere"' }));
  await page.goto(PAGES);
  const tried = await page.evaluate(async () => {
    const inline = document.createElement('script');
    inline.textContent = 'window.ran = "inline"';
    const other = document.createElement('script');
    other.src = 'https://elsewhere.example/script.js';
    const ended = new Promise((resolve) => (other.onload = other.onerror = resolve));
    document.body.append(inline, other);
    await ended;
    const call = await fetch('https://elsewhere.example/', { mode: 'no-cors' }).catch(() => 'refused');
    return { ran: (window as { ran?: string }).ran, call };
  });

  expect(tried).toEqual({ ran: undefined, call: 'refused' });
});
