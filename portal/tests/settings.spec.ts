import { expect, expectAccessible, look, test } from './test';

const SWITCH = 'Let users auto-claim licenses the first time they sign in';

test('a manager turns the setting on and off, each after a question', async ({ openAs, tenant }) => {
  const page = await openAs('User Administrator', '/settings');
  const toggle = page.getByRole('switch', { name: SWITCH });
  await expect(toggle).not.toBeChecked();

  await toggle.click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(toggle).not.toBeChecked();
  await toggle.click();
  await page.getByRole('button', { name: 'Turn on setting' }).click();
  await expect(page.getByText('Auto-claim is on.')).toBeVisible();
  await expect(toggle).toBeChecked();
  expect(await tenant.call('GET', '/settings')).toMatchObject({ autoClaimEnabled: true });

  await toggle.click();
  await expect(page.getByRole('alertdialog')).toContainText('Nobody loses one');
  await look(page, 'settings-turn-off');
  await page.getByRole('button', { name: 'Turn off setting' }).click();
  await expect(page.getByText('Auto-claim is off.')).toBeVisible();
  await expect(toggle).not.toBeChecked();
  expect(await tenant.call('GET', '/settings')).toMatchObject({ autoClaimEnabled: false });
});

test('the keyboard is enough', async ({ openAs }) => {
  const page = await openAs('User Administrator', '/settings');
  const toggle = page.getByRole('switch', { name: SWITCH });
  await toggle.focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(toggle).toBeFocused();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Turn on setting' }).focus();
  await page.keyboard.press('Enter');

  await expect(toggle).toBeChecked();
});

test('what another administrator did meanwhile is shown, and not overwritten', async ({ openAs, tenant }) => {
  const page = await openAs('User Administrator', '/settings');
  const toggle = page.getByRole('switch', { name: SWITCH });
  await toggle.click();
  await expect(page.getByRole('alertdialog')).toContainText('Turn auto-claim on?');
  await tenant.turn(true);
  await tenant.turn(false);
  await tenant.turn(true);
  await page.getByRole('button', { name: 'Turn on setting' }).click();

  await expect(page.getByText('Another administrator has changed the setting')).toBeVisible();
  await expect(toggle).toBeChecked();
});

test('what is turned here and turned again elsewhere is not told as done here', async ({ openAs, tenant }) => {
  const page = await openAs('User Administrator', '/settings');
  const toggle = page.getByRole('switch', { name: SWITCH });
  await toggle.click();
  await page.getByRole('button', { name: 'Turn on setting' }).click();
  await expect(page.getByText('Auto-claim is on.')).toBeVisible();
  await tenant.turn(false);

  await expect(toggle).not.toBeChecked();
  await expect(page.getByText(/^Auto-claim is (on|off)\./)).toHaveCount(0);
});

test('what was asked before a change and is answered after it does not undo it on the page', async ({
  openAs,
  page,
}) => {
  await openAs('User Administrator', '/settings');
  const toggle = page.getByRole('switch', { name: SWITCH });
  await expect(toggle).not.toBeChecked();
  const isRead = (method: string, url: string) => method === 'GET' && url.endsWith('/api/settings');
  const asked = page.waitForRequest((request) => isRead(request.method(), request.url()));
  const givenUp = page.waitForEvent('requestfailed', (request) => isRead(request.method(), request.url()));
  // From here on what is asked is not answered.
  await page.route('**/api/settings', (route) => (route.request().method() === 'GET' ? undefined : route.continue()));
  await asked;
  await toggle.click();
  await page.getByRole('button', { name: 'Turn on setting' }).click();

  await givenUp;
  await expect(toggle).toBeChecked();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a change elsewhere is seen without a reload', async ({ openAs, tenant }) => {
  const page = await openAs('Global Reader', '/settings');
  await expect(page.getByRole('switch', { name: SWITCH })).not.toBeChecked();
  await tenant.turn(true);

  await expect(page.getByRole('switch', { name: SWITCH })).toBeChecked();
});

test('a reader sees the setting, and cannot turn it', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/settings');

  await expect(page.getByRole('switch', { name: SWITCH })).toBeDisabled();
  await expect(page.getByText('You can look at everything here.')).toBeVisible();
  await expectAccessible(page);
});

test('the page can be used by everyone', async ({ openAs, tenant }) => {
  await tenant.turn(true);
  const page = await openAs('User Administrator', '/settings');
  await expect(page.getByRole('switch', { name: SWITCH })).toBeChecked();

  await expectAccessible(page);
  await look(page, 'settings');
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL' });

  test('a manager turns the setting on and off', async ({ openAs }) => {
    const page = await openAs('User Administrator', '/settings');
    const toggle = page.getByRole('switch', { name: 'Gebruikers toestaan automatisch licenties te claimen' });
    await toggle.click();
    await page.getByRole('button', { name: 'Instelling inschakelen' }).click();
    await expect(page.getByText('Automatisch claimen is ingeschakeld.')).toBeVisible();
    await toggle.click();
    await page.getByRole('button', { name: 'Instelling uitschakelen' }).click();

    await expect(page.getByText('Automatisch claimen is uitgeschakeld.')).toBeVisible();
    await look(page, 'settings-nl');
  });
});
