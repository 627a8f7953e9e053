// `node scripts/configure.mjs [FOLDER]`: makes of a build, in dist or FOLDER, the site of one deployment in Azure.
// azd runs it with its environment before it uploads the folder. Written are
//   portal.json                what the pages read at their start: src/configuration.ts
//   staticwebapp.config.json   what Azure answers with: https://learn.microsoft.com/azure/static-web-apps/configuration
// The local host answers with the same headers; tests/infra/test_portal_site.py holds the two together.

import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PORTAL_SH = 'run infra/entra/portal.sh, and the commands that it prints';

/** What is needed of the environment: its form, and who gives it. */
const NEEDED = {
  API_URL: [/^https:\/\/[\w.:-]+(\/[\w.~-]+)*\/api$/, 'https://<host>/api', 'run azd provision, which makes it'],
  PORTAL_CLIENT_ID: [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a GUID', PORTAL_SH],
  PORTAL_AUTHORITY: [/^https:\/\/[\w.:-]+\/[\w.-]+$/, 'https://<host>/<tenant>', PORTAL_SH],
  PORTAL_SCOPE: [/^api:\/\/\S+\/access_as_user$/, 'api://<client id of the API>/access_as_user', PORTAL_SH],
};

const HASHED = 'public, max-age=31536000, immutable';
const REVALIDATED = 'no-cache';

/** Built beside the pages, and no part of them; and Azure's own sign-in, which is on for everybody until it is not. */
const NOT_SERVED = ['/built', '/.vite/*', '/.auth/*'];

function faultsOf(environment) {
  const faults = Object.entries(NEEDED).flatMap(([name, [form, wanted, remedy]]) => {
    const value = environment[name] ?? '';
    if (form.test(value)) return [];
    return [value === '' ? `${name} is missing: ${remedy}` : `${name} is ${value}: it must be ${wanted}; ${remedy}`];
  });
  if (faults.length > 0) faults.push('Or do without the pages: azd env set PORTAL false');
  return faults;
}

function contentSecurityPolicy(origins) {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': ["'self'", ...new Set(origins)].join(' '),
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(policy)
    .map(([what, where]) => `${what} ${where}`)
    .join('; ');
}

function site(origins) {
  return {
    navigationFallback: {
      rewrite: '/index.html',
      // What is not there is a 404. Not every path with a dot in it: an id of a user may have one.
      exclude: ['/assets/*', '/*.{css,html,ico,js,json,map,png,svg,txt}'],
    },
    routes: [
      { route: '/assets/*', headers: { 'Cache-Control': HASHED } },
      ...NOT_SERVED.map((route) => ({ route, statusCode: 404 })),
    ],
    globalHeaders: {
      'Cache-Control': REVALIDATED,
      'Content-Security-Policy': contentSecurityPolicy(origins),
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  };
}

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../dist', import.meta.url)));
const { API_URL, PORTAL_CLIENT_ID, PORTAL_AUTHORITY, PORTAL_SCOPE } = process.env;
const faults = faultsOf(process.env);
if (!existsSync(join(folder, 'index.html'))) faults.unshift(`${folder} has no index.html: build the pages first`);
if (faults.length > 0) {
  console.error(`The administrator's pages are not configured.\n${faults.join('\n')}`);
  process.exit(1);
}

const write = (name, content) => writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
write('portal.json', {
  api: API_URL,
  signIn: { kind: 'entra', clientId: PORTAL_CLIENT_ID, authority: PORTAL_AUTHORITY, scope: PORTAL_SCOPE },
});
write('staticwebapp.config.json', site([API_URL, PORTAL_AUTHORITY].map((url) => new URL(url).origin)));
console.log(`The pages call ${API_URL} and sign in at ${PORTAL_AUTHORITY}.`);
