/** A tenant of one test alone, and what is in it: set up through the API, as any client would. */
import { randomUUID } from 'node:crypto';
import { type APIRequestContext, expect } from '@playwright/test';
import type { components } from '../src/api/schema';
import type { Stack } from './stack';

type Schemas = components['schemas'];
export type Role = 'User Administrator' | 'Billing Administrator' | 'Global Reader' | 'Reports Reader' | 'none';

export const TEAMS = 'microsoft-teams';
/** TEAMS1: a product with this plan licenses Microsoft Teams. */
export const TEAMS_PLAN = '57ff2da0-773e-42df-b2af-ffb7a2317929';
export const SAMPLE_TENANT = '5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30';

interface Call {
  /** Whoever calls; a manager if nothing else is said. */
  name?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export class Tenant {
  private readonly tokens = new Map<string, string>();

  constructor(
    readonly stack: Stack,
    private readonly request: APIRequestContext,
    readonly id: string = randomUUID(),
  ) {}

  /** Calls the API as a manager and gives the answer's body. Fails on a refusal. */
  async call<T>(
    method: string,
    path: string,
    { name = 'setup@contoso.example', body, headers }: Call = {},
  ): Promise<T> {
    const response = await this.request.fetch(`${this.stack.url}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${await this.token(name)}`, ...headers },
      ...(body !== undefined && { data: body }),
    });
    expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true);
    return (response.status() === 204 ? undefined : await response.json()) as T;
  }

  /** Turns the organisation's switch. */
  turn(isOn: boolean): Promise<Schemas['SettingsAnswer']> {
    return this.call('PATCH', '/settings', { body: { autoClaimEnabled: isOn }, headers: { 'If-Match': '*' } });
  }

  /** Buys a product that has Microsoft Teams in it, and some more. */
  putProduct(displayName: string, total: number, skuId: string = randomUUID()): Promise<Schemas['ProductAnswer']> {
    const plans = ['Exchange Online', 'SharePoint Online', 'Planner'];
    const body: Schemas['ProductWrite'] = {
      skuPartNumber: displayName.toUpperCase().replaceAll(/\W+/g, '_'),
      displayName,
      totalLicenses: total,
      servicePlans: [
        { servicePlanId: TEAMS_PLAN, servicePlanName: 'TEAMS1', displayName: 'Microsoft Teams' },
        ...plans.map((plan) => ({
          servicePlanId: randomUUID(),
          servicePlanName: plan.toUpperCase().replaceAll(' ', '_'),
          displayName: plan,
        })),
      ],
    };
    return this.call('PUT', `/products/${skuId}`, { body });
  }

  /** Makes a policy; the setting must be on. The first product is the primary one. */
  createPolicy(name: string, skuIds: readonly string[], appId: string = TEAMS): Promise<Schemas['PolicyAnswer']> {
    const body: Schemas['PolicyCreation'] = {
      name,
      appId,
      products: skuIds.map((skuId) => ({ skuId })),
      enabled: true,
    };
    return this.call('POST', '/policies', { body });
  }

  /** A user signs in to an app, which may claim a license. */
  async signIn(userId: string, appId: string = TEAMS): Promise<Schemas['SignInAnswer']> {
    const response = await this.request.post(`${this.stack.url}/api/sign-ins`, {
      headers: { 'x-functions-key': this.stack.functionKey },
      data: { tenantId: this.id, appId, user: { id: userId, displayName: userId } } satisfies Schemas['SignInEvent'],
    });
    expect(response.ok(), await response.text()).toBe(true);
    return (await response.json()) as Schemas['SignInAnswer'];
  }

  /** A manager's token for the API, the same for a name each time. */
  async token(name: string): Promise<string> {
    const known = this.tokens.get(name);
    if (known !== undefined) return known;
    const response = await this.request.post(`${this.stack.url}/portal/token`, {
      headers: { Origin: this.stack.url, 'Sec-Fetch-Site': 'same-origin' },
      data: { role: 'User Administrator', name, tenant: this.id },
    });
    expect(response.ok(), await response.text()).toBe(true);
    const { token } = (await response.json()) as { token: string };
    this.tokens.set(name, token);
    return token;
  }
}
