import { expect, expectAccessible, look, test } from './test';

test('the language is switched without leaving the page, and kept', async ({ openAs }) => {
  const page = await openAs('User Administrator', '/settings');
  await page.getByRole('button', { name: 'Nederlands' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Instellingen' })).toBeVisible();
  await expect(page).toHaveTitle('Instellingen - Autoclaim');
  await expect(page.locator('html')).toHaveAttribute('lang', 'nl');
  await page.getByRole('link', { name: 'Gebruikers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Gebruikers' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Gebruikers' })).toBeVisible();
});

test('every page is reached by keyboard alone, and its heading has the focus then', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();

  for (const name of ['Licenses', 'Report', 'Users', 'Audit log', 'Settings', 'Health']) {
    const link = page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name, exact: true });
    await link.focus();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name, exact: true });
    await expect(heading).toBeFocused();
    await expect(link).toHaveAttribute('aria-current', 'page');
  }
});

test('the first key leads past the navigation', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(page.getByRole('main')).toBeFocused();
  expect(new URL(page.url()).hash).toBe('');
});

test('the three tabs of Licenses are pages with addresses', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/');
  await expect(page).toHaveURL(/\/licenses\/policies$/);
  for (const [tab, address] of [
    ['Products', '/licenses/products'],
    ['Apps', '/licenses/apps'],
    ['Auto-claim policy', '/licenses/policies'],
  ] as const) {
    await page.getByRole('link', { name: tab }).click();
    await expect(page).toHaveURL(new RegExp(`${address}$`));
    await expect(page).toHaveTitle(`${tab} - Autoclaim`);
    await expect(page.getByRole('link', { name: tab })).toHaveAttribute('aria-current', 'page');
  }
  await page.goBack();
  await expect(page.getByRole('link', { name: 'Apps' })).toHaveAttribute('aria-current', 'page');
  await expectAccessible(page);
});

test('on a phone the navigation is a drawer', async ({ openAs, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openAs('Global Reader', '/settings');
  await expect(page.getByRole('link', { name: 'Users' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Users' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('an unknown address says so', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/no/such/page');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await page.getByRole('button', { name: 'Go to Licenses' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Licenses' })).toBeVisible();
});

test('a service that is away is told of, and so is its return', async ({ openAs, stack }) => {
  const page = await openAs('User Administrator', '/settings');
  await expect(page.getByRole('switch')).toBeEnabled();
  await stack.away();
  try {
    await expect(page.getByText('The service does not answer', { exact: true })).toBeVisible();
    // What was read is still there.
    await expect(page.getByRole('switch')).toBeVisible();
    await expectAccessible(page);
    await look(page, 'away');
  } finally {
    await stack.back();
  }

  await expect(page.getByText('The service answers again')).toBeVisible();
  // One call that fails meanwhile, of a service that is well, does not keep it standing.
  await page.route('**/api/settings', (route) => route.abort(), { times: 1 });
  await page.getByRole('link', { name: 'Health' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('The service answers again')).toBeHidden();
  await page.getByRole('switch').click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
});

test('a page of something else in place of an answer is no answer', async ({ openAs, page }) => {
  await page.route('**/api/settings', (route) =>
    route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Please sign in to the guest network</h1>' }),
  );
  await openAs('User Administrator', '/settings');

  await expect(page.getByRole('alert')).toContainText('The service does not answer.');
  await expect(page.getByRole('alert')).not.toContainText('change');
});

test('the pages follow the system’s dark setting', async ({ openAs, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openAs('User Administrator', '/settings');
  await expect(page.getByRole('switch')).toBeVisible();

  await expectAccessible(page);
  await look(page, 'dark');
});

test('nothing that the browser loads or runs is against the Content-Security-Policy', async ({ openAs, page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await openAs('User Administrator', '/settings');
  await expect(page.getByRole('switch')).toBeVisible();
  for (const name of ['Licenses', 'Report', 'Users', 'Audit log', 'Health']) {
    await page.getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
  }

  expect(complaints).toEqual([]);
});
