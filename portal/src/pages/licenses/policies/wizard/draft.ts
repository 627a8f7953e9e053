/** What has been entered for a policy that is not there yet, what is wrong with it, and what of it is sent. */
import type { App } from '../../../../api/apps';
import type { Schemas } from '../../../../api/client';
import { nameFault } from '../../../../api/idsAndNames';
import { type Policy, POLICY_PRODUCTS_MAX } from '../../../../api/policies';
import { licenses, type Product } from '../../../../api/products';

export interface Draft {
  readonly name: string;
  /** Empty until one is chosen. */
  readonly appId: string;
  /** In assigning order, the primary first; empty where none is chosen yet. */
  readonly skuIds: readonly string[];
  /** The service plans turned off in a product. One that is taken out keeps its own: it may come back. */
  readonly off: Readonly<Record<string, readonly string[]>>;
}

/** What the tenant has: read again every few seconds, so a draft that was right can become wrong. */
export interface Catalog {
  readonly apps: readonly App[];
  readonly products: readonly Product[];
  readonly policies: readonly Policy[];
}

export const EMPTY: Draft = { name: '', appId: '', skuIds: [''], off: {} };

export function appOf({ appId }: Draft, { apps }: Catalog): App | undefined {
  return apps.find(({ id }) => id === appId);
}

export function productOf(skuId: string, { products }: Catalog): Product | undefined {
  return products.find((product) => product.skuId === skuId);
}

/** The policy that an app has already: it can have one. */
export function policyOf(app: App, { policies }: Catalog): Policy | undefined {
  return policies.find(({ appId }) => appId === app.id);
}

/** The service plans turned off in a product: those that it has, and never all that license the app. */
export function offIn({ off }: Draft, product: Product, app: App): string[] {
  const chosen = new Set(off[product.skuId]);
  const known = product.servicePlans.map(({ servicePlanId }) => servicePlanId);
  const licensing = known.filter((id) => app.servicePlanIds.includes(id));
  const kept = licensing.every((id) => chosen.has(id)) ? licensing[0] : undefined;
  return known.filter((id) => chosen.has(id) && id !== kept);
}

/** The plan that is the only one on of those that license the app, if one is: without it, nobody could claim for it. */
export function neededIn(off: readonly string[], product: Product, app: App): string | undefined {
  const licensing = product.servicePlans.filter(
    ({ servicePlanId }) => app.servicePlanIds.includes(servicePlanId) && !off.includes(servicePlanId),
  );
  return licensing.length === 1 ? licensing[0]?.servicePlanId : undefined;
}

export type NameFault = 'missing' | 'tooLong' | 'taken';

export function policyNameFault({ name }: Draft, { policies }: Catalog): NameFault | undefined {
  const folded = nameOf(name).toLowerCase();
  return nameFault(name) ?? (policies.some((policy) => policy.name.toLowerCase() === folded) ? 'taken' : undefined);
}

/** The name as the API keeps it. */
function nameOf(name: string): string {
  return name.trim().normalize('NFC');
}

export type AppFault = 'missing' | 'gone' | 'hasPolicy';

export function appFault(draft: Draft, catalog: Catalog): AppFault | undefined {
  if (draft.appId === '') return 'missing';
  const app = appOf(draft, catalog);
  if (app === undefined) return 'gone';
  return policyOf(app, catalog) === undefined ? undefined : 'hasPolicy';
}

export type ProductFault = 'missing' | 'gone' | 'lacksApp';

export function productFault(skuId: string, draft: Draft, catalog: Catalog): ProductFault | undefined {
  if (skuId === '') return 'missing';
  const product = productOf(skuId, catalog);
  if (product === undefined) return 'gone';
  const app = appOf(draft, catalog);
  return app !== undefined && !licenses(product, app) ? 'lacksApp' : undefined;
}

/** The list with what is at `place` one place up (-1) or down (1). */
export function moved<T>(list: readonly T[], place: number, step: -1 | 1): T[] {
  return list.toSpliced(place, 1).toSpliced(place + step, 0, ...list.slice(place, place + 1));
}

/** Why there is no way to add a backup product, or undefined where there is. */
export function noBackup(draft: Draft, catalog: Catalog): 'onlyProduct' | 'noOther' | 'most' | undefined {
  if (catalog.products.length <= 1) return 'onlyProduct';
  if (draft.skuIds.length >= POLICY_PRODUCTS_MAX) return 'most';
  const app = appOf(draft, catalog);
  if (app === undefined) return undefined;
  const fitting = catalog.products.filter((product) => licenses(product, app));
  return draft.skuIds.length < fitting.length ? undefined : 'noOther';
}

/** What is sent. The draft has no fault. */
export function creationOf(draft: Draft, catalog: Catalog): Schemas['PolicyCreation'] {
  const app = appOf(draft, catalog);
  return {
    name: nameOf(draft.name),
    appId: draft.appId,
    enabled: true,
    products: draft.skuIds.map((skuId) => {
      const product = productOf(skuId, catalog);
      return { skuId, disabledServicePlanIds: product && app ? offIn(draft, product, app) : [] };
    }),
  };
}

/** The policy that this draft became, where the answer to its creation was lost. */
export function madeOf(draft: Draft, { policies }: Catalog): Policy | undefined {
  return policies.find(
    ({ name, appId, products }) =>
      name === nameOf(draft.name) &&
      appId === draft.appId &&
      products.map(({ skuId }) => skuId).join() === draft.skuIds.join(),
  );
}
