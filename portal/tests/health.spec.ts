import type { Page } from '@playwright/test';
import type { Integrity } from '../src/api/health';
import { expect, expectAccessible, look, test } from './test';
import { SAMPLE_TENANT } from './tenant';

const SAMPLE_MILLISECONDS = 180_000;
const INTEGRITY = '**/api/integrity*';

/** Answers the calls of a check by hand, one after the other. */
async function answerChecks(page: Page, answers: (Partial<Integrity> | 'fails')[]): Promise<void> {
  let calls = 0;
  await page.route(INTEGRITY, async (route) => {
    const answer = answers[calls];
    calls += 1;
    // The last one waits, so that there is something to cancel.
    if (answer === undefined) return;
    if (answer === 'fails') {
      await route.fulfill({ status: 500, json: { error: { code: 'InternalError', message: 'A fault.' } } });
      return;
    }
    const nextLink = { nextLink: `https://api.example/api/integrity?continuation=${calls.toString()}` };
    await route.fulfill({
      json: {
        ok: true,
        complete: false,
        checkedAt: '2026-11-23T02:00:00.000Z',
        users: 0,
        licenses: 0,
        journalEntries: 0,
        discrepancies: [],
        ...(answer.complete !== true && nextLink),
        ...answer,
      },
    });
  });
}

test('the service, its storage and the reports are well', async ({ openAs }) => {
  const page = await openAs('Global Reader', '/health');
  const service = page.getByRole('region', { name: 'Service' });

  await expect(service.getByText('Answers')).toHaveCount(2);
  await expect(service).toContainText(/Version\d+\.\d+\.\d+/);
  await expect(page.getByRole('region', { name: 'Reports' })).toContainText('Not rolled up yet');
});

test('a manager checks the sample tenant, through all pages of the check', async ({ openAs, stack }) => {
  test.setTimeout(SAMPLE_MILLISECONDS);
  await stack.sample();
  const page = await openAs('User Administrator', '/health', { tenant: SAMPLE_TENANT });
  await expect(page.getByRole('region', { name: 'Reports' })).toContainText(/Rolled up to\d+ \w+ 2\d{3}, \d\d:\d\d/);
  const links: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/integrity')) links.push(request.url());
  });
  await page.getByRole('button', { name: 'Check now' }).focus();
  await page.keyboard.press('Enter');

  await expect(page.getByText('Everything agrees')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^Looked at: users 1,\d{3}, licenses 1,\d{3}, journal entries 1,\d{3}$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check again' })).toBeFocused();
  expect(links.length).toBeGreaterThan(1);
  expect(new Set(links).size).toBe(links.length);
  await expectAccessible(page);
  await look(page, 'health');
});

test('a check shows how far it is, and is canceled by the same button', async ({ openAs, page }) => {
  await answerChecks(page, [
    { users: 100, licenses: 120 },
    { users: 200, licenses: 240 },
  ]);
  await openAs('User Administrator', '/health');
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('Looked at: users 200, licenses 240, journal entries 0')).toBeVisible();
  await expect(page.getByText('Checking…')).toBeVisible();
  await look(page, 'health-running');
  await page.getByRole('button', { name: 'Cancel' }).click();

  await expect(page.getByText('The check was canceled. Up to there nothing was wrong.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check again' })).toBeVisible();
});

test('what does not agree is listed, from every page of the check', async ({ openAs, page }) => {
  await answerChecks(page, [
    {
      ok: false,
      users: 100,
      discrepancies: [
        { kind: 'wrongCount', target: 'products/e1', message: 'The head counts 1 more of it than users hold.' },
      ],
    },
    {
      ok: false,
      users: 100,
      journalEntries: 50,
      complete: true,
      discrepancies: [{ kind: 'brandNew', target: 'journal/7', message: 'This kind is younger than the page.' }],
    },
  ]);
  await openAs('User Administrator', '/health');
  await page.getByRole('button', { name: 'Check now' }).click();

  await expect(page.getByText('2 things do not agree')).toBeVisible();
  await expect(page.getByText('A count of licenses is wrong')).toBeVisible();
  await expect(page.getByText('The head counts 1 more of it than users hold.')).toBeVisible();
  await expect(page.getByText('This kind is younger than the page.')).toBeVisible();
  await expectAccessible(page);
  await look(page, 'health-wrong');
});

test('what was found before the service began again does not count', async ({ openAs, page }) => {
  await answerChecks(page, [
    { ok: false, users: 100, discrepancies: [{ kind: 'lostUser', target: 'users/x', message: 'Lost.' }] },
    { users: 0 },
    { users: 100, journalEntries: 50, complete: true },
  ]);
  await openAs('User Administrator', '/health');
  await page.getByRole('button', { name: 'Check now' }).click();

  await expect(page.getByText('Everything agrees')).toBeVisible();
  await expect(page.getByText('Lost.')).toHaveCount(0);
});

test('a check that fails says why, and is tried again', async ({ openAs, page }) => {
  await page.route(INTEGRITY, (route) =>
    route.fulfill({ status: 429, json: { error: { code: 'TooManyRequests', message: 'Too many.' } } }),
  );
  await openAs('User Administrator', '/health');
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByRole('alert')).toContainText('The service is very busy.');
  await page.unroute(INTEGRITY);
  await page.getByRole('button', { name: 'Try again' }).click();

  await expect(page.getByText('Everything agrees')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a check that was canceled before its first answer does not say that all was well', async ({ openAs, page }) => {
  await answerChecks(page, []);
  await openAs('User Administrator', '/health');
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await expect(page.getByText('The check was canceled before anything was looked at.')).toBeVisible();
  await expect(page.getByText('Up to there')).toHaveCount(0);
});

test('what a check has found stays when it fails, beside the reason why', async ({ openAs, page }) => {
  const discrepancies = [{ kind: 'lostUser', target: 'users/x', message: 'Lost.' }];
  await answerChecks(page, [{ ok: false, users: 100, discrepancies }, 'fails']);
  await openAs('User Administrator', '/health');
  await page.getByRole('button', { name: 'Check now' }).click();

  await expect(page.getByRole('alert')).toContainText('The service has failed.');
  await expect(page.getByText('Looked at: users 100, licenses 0, journal entries 0')).toBeVisible();
  await expect(page.getByText('1 thing does not agree')).toBeVisible();
  await expect(page.getByText('Lost.')).toBeVisible();
  await expectAccessible(page);
  await look(page, 'health-failed', { forDocuments: false });
});

test('a reader is told why there is no check', async ({ openAs }) => {
  const page = await openAs('Reports Reader', '/health');

  await expect(page.getByText('Checking takes a role that manages licenses')).toBeVisible();
  await expect(page.getByRole('button', { name: /Check/ })).toHaveCount(0);
  await expectAccessible(page);
});

test('a storage that does not answer is told from a service that does not', async ({ openAs, page }) => {
  await page.route('**/api/health', (route) =>
    route.fulfill({ status: 503, json: { status: 'unavailable', storage: 'unavailable', version: '0.0.0' } }),
  );
  await openAs('Global Reader', '/health');
  const service = page.getByRole('region', { name: 'Service' });

  await expect(service).toContainText('StorageDoes not answer');
  await expect(service).toContainText('APIAnswers');
});

test.describe('in Dutch', () => {
  test.use({ locale: 'nl-NL', colorScheme: 'dark' });

  test('a manager checks the organisation', async ({ openAs }) => {
    const page = await openAs('User Administrator', '/health');
    await page.getByRole('button', { name: 'Nu controleren' }).click();

    await expect(page.getByText('Alles komt overeen')).toBeVisible();
    await expectAccessible(page);
    await look(page, 'health-nl');
  });
});
