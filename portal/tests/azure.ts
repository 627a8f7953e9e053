/**
 * The pages as they are deployed: what scripts/configure.mjs makes of the build, answered as its documentation says
 * that a static web app answers, beside an API on another origin and a stand-in for Entra. All of it is in the browser's
 * own test harness; nothing leaves this machine. That Azure and Entra do the same, it cannot show.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page, Request, Route } from '@playwright/test';
import type { Tenant } from './tenant';

export const PAGES = 'https://pages.example';
const API = 'https://api.example';
const ENTRA = 'https://login.microsoftonline.com';
const CLIENT_ID = randomUUID();
const SECONDS = 3600;

const portal = fileURLToPath(new URL('../', import.meta.url));
const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

interface Site {
  navigationFallback: { rewrite: string; exclude: string[] };
  routes: { route: string; statusCode?: number; headers?: Record<string, string> }[];
  globalHeaders: Record<string, string>;
}

/** Afterwards the browser finds the pages at PAGES, and the test's tenant is the one that people sign in to. */
export async function deploy(page: Page, tenant: Tenant, folder: string, administrator: string): Promise<Entra> {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(portal, 'dist'), folder, { recursive: true });
  const scope = `api://${tenant.id}/access_as_user`;
  execFileSync(process.execPath, [join(portal, 'scripts/configure.mjs'), folder], {
    env: {
      API_URL: `${API}/api`,
      PORTAL_CLIENT_ID: CLIENT_ID,
      PORTAL_AUTHORITY: `${ENTRA}/${tenant.id}`,
      PORTAL_SCOPE: scope,
    },
  });
  const site = JSON.parse(readFileSync(join(folder, 'staticwebapp.config.json'), 'utf-8')) as Site;
  const entra = new Entra(tenant, scope, administrator);
  await page.route(`${PAGES}/**`, (route) => serve(route, site, folder));
  await page.route(`${API}/**`, (route) => callApi(route, tenant));
  await page.route(`${ENTRA}/**`, (route) => entra.answer(route));
  return entra;
}

/** A route's pattern: exact, or with `*` for anything; `{a,b}` for one of several endings. */
function fits(pattern: string, path: string): boolean {
  const source = pattern
    .replaceAll('.', '\\.')
    .replaceAll('*', '.*')
    .replaceAll(/\{([^}]*)\}/g, (_, endings: string) => `(${endings.replaceAll(',', '|')})`);
  return new RegExp(`^${source}$`).test(path);
}

function serve(route: Route, site: Site, folder: string): Promise<void> {
  const path = new URL(route.request().url()).pathname;
  const rule = site.routes.find((each) => fits(each.route, path));
  const headers = { ...site.globalHeaders, ...rule?.headers };
  const file = join(folder, path);
  const isThere = existsSync(file) && statSync(file).isFile();
  const isPage = !isThere && !site.navigationFallback.exclude.some((pattern) => fits(pattern, path));
  if (rule?.statusCode !== undefined || !(isThere || isPage)) {
    return route.fulfill({ status: rule?.statusCode ?? 404, headers });
  }
  const served = isThere ? file : join(folder, site.navigationFallback.rewrite);
  return route.fulfill({ path: served, headers: { ...headers, 'Content-Type': MEDIA_TYPES[extname(served)] ?? '' } });
}

/** The API's next answer is 401, as when a token has ended: the pages must ask for another. */
export async function endToken(page: Page): Promise<void> {
  const allowed = { 'Access-Control-Allow-Origin': PAGES };
  await page.route(`${API}/**`, (route) => route.fulfill({ status: 401, headers: allowed }), { times: 1 });
}

/** The API itself, with what the Functions host adds for an allowed origin. */
async function callApi(route: Route, tenant: Tenant): Promise<void> {
  const request = route.request();
  const { origin } = await request.allHeaders();
  const response = await route.fetch({ url: request.url().replace(API, tenant.stack.url) });
  const allowed = origin === PAGES ? { 'Access-Control-Allow-Origin': PAGES } : {};
  await route.fulfill({ response, headers: { ...response.headers(), ...allowed } });
}

/** Entra, as far as one sign-in by redirect goes: it sends the browser back at once, and gives tokens for the code. */
export class Entra {
  /** For what tokens were asked: OAuth's grant types, in order. */
  readonly grants: string[] = [];
  /** What it says instead of giving tokens for a refresh token, or instead of signing people in: OAuth's codes. */
  refusals: { refresh?: string; signIn?: string } = {};
  private nonce = '';

  constructor(
    private readonly tenant: Tenant,
    private readonly scope: string,
    private readonly administrator: string,
  ) {}

  async answer(route: Route): Promise<void> {
    const request = route.request();
    const url = new URL(request.url());
    if (url.pathname.endsWith('/authorize')) return this.sendBack(route, url.searchParams);
    if (url.pathname.endsWith('/token')) return this.giveTokens(route, request);
    // Signing out, and whatever else is a page of Entra's own.
    return route.fulfill({ contentType: 'text/html', body: `Entra ${url.pathname}` });
  }

  private sendBack(route: Route, asked: URLSearchParams): Promise<void> {
    this.nonce = asked.get('nonce') ?? '';
    const refusal = this.refusals.signIn;
    const said =
      refusal === undefined ? { code: randomUUID() } : { error: refusal, error_description: `Entra says ${refusal}` };
    const answer = new URLSearchParams({ ...said, state: asked.get('state') ?? '' });
    const back = JSON.stringify(`${asked.get('redirect_uri') ?? ''}#${answer.toString()}`);
    return route.fulfill({ contentType: 'text/html', body: `<script>location.replace(${back})</script>` });
  }

  private async giveTokens(route: Route, request: Request): Promise<void> {
    const grant = new URLSearchParams(request.postData() ?? '').get('grant_type') ?? '';
    this.grants.push(grant);
    const origin = (await request.allHeaders()).origin ?? '';
    const headers = { 'Access-Control-Allow-Origin': origin };
    if (grant === 'refresh_token' && this.refusals.refresh !== undefined) {
      return route.fulfill({ status: 400, headers, json: { error: this.refusals.refresh } });
    }
    const now = Math.floor(Date.now() / 1000);
    const oid = randomUUID();
    const claims = {
      ...{ ver: '2.0', iss: `${ENTRA}/${this.tenant.id}/v2.0`, aud: CLIENT_ID, sub: oid, oid, tid: this.tenant.id },
      ...{ iat: now, nbf: now, exp: now + SECONDS, nonce: this.nonce, preferred_username: this.administrator },
    };
    return route.fulfill({
      headers,
      json: {
        token_type: 'Bearer',
        scope: `${this.scope} openid profile offline_access`,
        expires_in: SECONDS,
        access_token: await this.tenant.token(this.administrator),
        refresh_token: randomUUID(),
        id_token: [{ alg: 'none', typ: 'JWT' }, claims].map(encoded).join('.') + '.c2lnbmF0dXJl',
        client_info: encoded({ uid: oid, utid: this.tenant.id }),
      },
    });
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
