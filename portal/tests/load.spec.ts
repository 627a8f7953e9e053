import { expect, test } from './test';

const LIMIT_MILLISECONDS = 2000;
const ATTEMPTS = 3;

test('the first page is there, and does what it is told, in under two seconds', async ({ browser, stack, tenant }) => {
  const person = JSON.stringify({ role: 'User Administrator', name: 'ada@contoso.example', tenant: tenant.id });
  const times: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // Nothing is cached in a new context.
    const context = await browser.newContext({ baseURL: stack.url });
    const page = await context.newPage();
    await page.addInitScript((kept) => {
      sessionStorage.setItem('autoclaim.person', kept);
    }, person);
    const began = Date.now();
    await page.goto('/');
    await page.getByRole('link', { name: 'Products' }).click();
    await expect(page).toHaveURL(/\/licenses\/products$/);
    times.push(Date.now() - began);
    await context.close();
  }
  const fastest = Math.min(...times);
  console.log(`First load, a click included: ${times.map((time) => `${time.toString()} ms`).join(', ')}`);

  expect(fastest).toBeLessThan(LIMIT_MILLISECONDS);
});
