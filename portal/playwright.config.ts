import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './tests/browser';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // One app and one storage serve all tests, each in a tenant of its own; two shared processors carry no more.
  workers: 1,
  // On a machine whose processors others use too, a page can be late once. What fails twice has failed.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    viewport: { width: 1280, height: 800 },
    // A color half way through an animation has no contrast to speak of.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'on-first-retry',
    launchOptions: {
      ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
      // Chromium's sandbox cannot be had by root, which CI's containers run as.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
