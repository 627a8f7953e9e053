/** A product as a form holds it: texts, until they are checked. */
import type { Product, ServicePlan } from '../../../api/products';
import { isGuid, isName } from '../../../api/idsAndNames';

export const TOTAL_MAX = 10_000_000;
export const PLANS_MAX = 200;

export interface ProductDraft {
  skuId: string;
  skuPartNumber: string;
  displayName: string;
  total: string;
  servicePlans: ServicePlan[];
}

export interface ProductFaults {
  skuId?: 'guid' | 'taken';
  skuPartNumber?: 'name';
  displayName?: 'name';
  total?: 'total';
  servicePlans?: 'none' | 'incomplete' | 'guid' | 'twice';
}

export function emptyPlan(): ServicePlan {
  return { servicePlanId: '', servicePlanName: '', displayName: '' };
}

export function draftOf({ skuId, skuPartNumber, displayName, totalLicenses, servicePlans }: Product): ProductDraft {
  return { skuId, skuPartNumber, displayName, total: totalLicenses.toString(), servicePlans };
}

/** What a PUT must say of a product, besides its id. */
export function writableOf({ skuPartNumber, displayName, totalLicenses, servicePlans }: Product) {
  return { skuPartNumber, displayName, totalLicenses, servicePlans };
}

/** A whole number from 0 to TOTAL_MAX, or undefined. */
export function parseTotal(text: string): number | undefined {
  const total = /^\d{1,8}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return total <= TOTAL_MAX ? total : undefined;
}

/** What is wrong with a draft, by field; `taken` are the ids that the organisation has. */
export function faultsOf(draft: ProductDraft, taken: readonly string[]): ProductFaults {
  const id = draft.skuId.trim().toLowerCase();
  const faults: ProductFaults = {};
  if (!isGuid(id)) faults.skuId = 'guid';
  else if (taken.includes(id)) faults.skuId = 'taken';
  if (!isName(draft.skuPartNumber)) faults.skuPartNumber = 'name';
  if (!isName(draft.displayName)) faults.displayName = 'name';
  if (parseTotal(draft.total) === undefined) faults.total = 'total';
  const plans = planFault(draft.servicePlans);
  if (plans !== undefined) faults.servicePlans = plans;
  return faults;
}

function planFault(plans: readonly ServicePlan[]): ProductFaults['servicePlans'] {
  if (plans.length === 0) return 'none';
  if (!plans.every((plan) => isName(plan.displayName) && isName(plan.servicePlanName))) return 'incomplete';
  const ids = plans.map(({ servicePlanId }) => servicePlanId.trim().toLowerCase());
  if (!ids.every(isGuid)) return 'guid';
  return new Set(ids).size < ids.length ? 'twice' : undefined;
}

/** What a PUT says for a draft without faults. */
export function writeOf(draft: ProductDraft) {
  return {
    skuId: draft.skuId.trim().toLowerCase(),
    skuPartNumber: draft.skuPartNumber.trim(),
    displayName: draft.displayName.trim(),
    totalLicenses: parseTotal(draft.total) ?? 0,
    servicePlans: draft.servicePlans.map((plan) => ({
      servicePlanId: plan.servicePlanId.trim(),
      servicePlanName: plan.servicePlanName.trim(),
      displayName: plan.displayName.trim(),
    })),
  };
}
