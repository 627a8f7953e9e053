/** What is asked about an app: what its services are called, and whether a form about one can be saved. */
import type { App } from '../../../api/apps';
import { isAppId, isClientAppId, isGuid, isName } from '../../../api/idsAndNames';
import type { Product } from '../../../api/products';

/** The app that every organisation starts with. */
const BUILT_IN = 'microsoft-teams';

export const IDS_MAX = 50;

export function isBuiltIn(app: App): boolean {
  return app.id === BUILT_IN;
}

/** The name of every service plan that the organisation's products have, by its id. */
export function planNamesOf(products: readonly Product[]): ReadonlyMap<string, string> {
  return new Map(
    products.flatMap(({ servicePlans }) => servicePlans.map((plan) => [plan.servicePlanId, plan.displayName] as const)),
  );
}

/** The products that have a service plan, by its id: there can be too many to go through them for each app. */
export type ProductsByPlan = ReadonlyMap<string, readonly Product[]>;

export function productsByPlan(products: readonly Product[]): ProductsByPlan {
  const byPlan = new Map<string, Product[]>();
  for (const product of products)
    for (const { servicePlanId } of product.servicePlans) {
      const having = byPlan.get(servicePlanId);
      if (having === undefined) byPlan.set(servicePlanId, [product]);
      else having.push(product);
    }
  return byPlan;
}

/** The products that have one of the service plans. */
export function productsWith(servicePlanIds: readonly string[], byPlan: ProductsByPlan): ReadonlySet<Product> {
  return new Set(servicePlanIds.flatMap((id) => byPlan.get(id) ?? []));
}

export interface AppDraft {
  id: string;
  name: string;
  /** One a line. */
  clientAppIds: string;
  servicePlanIds: readonly string[];
}

export interface AppFaults {
  id?: 'form' | 'taken';
  name?: 'name';
  clientAppIds?: 'none' | 'many' | 'form';
  servicePlanIds?: 'none' | 'many';
}

/** What is wrong with a draft, by field; `taken` are the ids of the organisation's other apps. */
export function faultsOf(draft: AppDraft, taken: readonly string[]): AppFaults {
  const faults: AppFaults = {};
  const id = draft.id.trim();
  if (!isAppId(id)) faults.id = 'form';
  else if (taken.includes(id)) faults.id = 'taken';
  if (!isName(draft.name)) faults.name = 'name';
  const clients = idsIn(draft.clientAppIds);
  if (clients.length === 0) faults.clientAppIds = 'none';
  else if (clients.length > IDS_MAX) faults.clientAppIds = 'many';
  else if (!clients.every(isClientAppId)) faults.clientAppIds = 'form';
  if (draft.servicePlanIds.length === 0) faults.servicePlanIds = 'none';
  else if (draft.servicePlanIds.length > IDS_MAX) faults.servicePlanIds = 'many';
  return faults;
}

/** The ids in a text, each once: between blanks, commas or line ends, as people paste them. A GUID in lower case. */
export function idsIn(text: string): string[] {
  const ids = text.split(/[\s,;]+/).filter((id) => id !== '');
  return [...new Set(ids.map((id) => (isGuid(id) ? id.toLowerCase() : id)))];
}
