/** The wizard's pages in their order, and which of them is about what is wrong. */
import type { ApiError } from '../../../../api/errors';
import {
  appFault,
  type AppFault,
  type Catalog,
  type Draft,
  policyNameFault,
  productFault,
  type ProductFault,
} from './draft';

/** `services-1` is the page of the primary product's apps and services. */
export type Step = 'name' | 'products' | `services-${number}` | 'review';

/** The page of the apps and services of the product at this place, counted from 0. */
export function servicesStep(place: number): Step {
  return `services-${(place + 1).toString()}` as Step;
}

/** A page for each product, in assigning order. */
export function stepsOf({ skuIds }: Draft): Step[] {
  return ['name', 'products', ...skuIds.map((_skuId, place) => servicesStep(place)), 'review'];
}

/** The product that a page is about, counted from 0; undefined for the pages that are about the policy. */
export function placeOf(step: Step): number | undefined {
  return step.startsWith('services-') ? Number(step.slice('services-'.length)) - 1 : undefined;
}

/** Whether something on the page is missing or wrong. Apps and services cannot be. */
export function isFaulty(step: Step, draft: Draft, catalog: Catalog): boolean {
  if (step === 'name') return policyNameFault(draft, catalog) !== undefined;
  return step === 'products' && productsFaults(draft, catalog).length > 0;
}

/** Whether the page lacks what later pages are about: a name, an app and products that are there. */
export function isUnfinished(step: Step, draft: Draft, catalog: Catalog): boolean {
  if (step === 'name') return policyNameFault(draft, catalog) === 'missing';
  return step === 'products' && productsFaults(draft, catalog).some((fault) => fault === 'missing' || fault === 'gone');
}

function productsFaults(draft: Draft, catalog: Catalog): (AppFault | ProductFault)[] {
  const faults = draft.skuIds.map((skuId) => productFault(skuId, draft, catalog));
  return [appFault(draft, catalog), ...faults].filter((fault) => fault !== undefined);
}

const PRODUCT = /^products\[(\d+)\]/;
const ABOUT_PRODUCTS = ['UnknownApp', 'AppHasPolicy', 'InvalidProductList', 'UnknownProduct'];
const ABOUT_SERVICES = ['UnknownServicePlan', 'ProductLacksApp'];

/** The page where what the API refused can be mended; the last one where that is on no page. */
export function stepOfRefusal({ code, target, details }: ApiError): Step {
  const about = details[0]?.target ?? target ?? '';
  if (code === 'PolicyNameTaken' || about === 'name') return 'name';
  const place = PRODUCT.exec(about)?.[1];
  if (ABOUT_SERVICES.includes(code) && place !== undefined) return servicesStep(Number(place));
  return ABOUT_PRODUCTS.includes(code) || place !== undefined || about === 'appId' ? 'products' : 'review';
}
