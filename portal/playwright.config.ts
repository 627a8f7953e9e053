import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './tests/browser';

const MEASURED = /load\.spec\.ts$/;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // Each worker has an app and a storage of its own; each test a tenant. Two, because pages often wait for the next poll.
  workers: 2,
  // On a machine whose processors others use too, a page can be late once. What fails twice has failed.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  projects: [
    // What is measured is measured while nothing else runs.
    { name: 'measured', testMatch: MEASURED },
    { name: 'pages', testIgnore: MEASURED, dependencies: ['measured'] },
  ],
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
