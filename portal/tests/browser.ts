import { existsSync } from 'node:fs';

/** The machine's own browser: none is downloaded. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export const MISSING =
  'No Chromium at /usr/bin/chromium: install it (Debian: apt-get install chromium), then run again.';
