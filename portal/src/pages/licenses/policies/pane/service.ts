/** The service plans of several products as one list, each with the products that it is in and on in. */
import type { Product } from '../../../../api/products';
import type { Draft } from './draft';

export interface Service {
  id: string;
  servicePlanName: string;
  displayName: string;
  inSkuIds: string[];
  onIn: string[];
}

/** By display name, as the language sorts. */
export function servicesOf(products: readonly Product[], off: Draft['off'], language: string): Service[] {
  const services = new Map<string, Service>();
  for (const { skuId, servicePlans } of products) {
    for (const { servicePlanId: id, servicePlanName, displayName } of servicePlans) {
      const service = services.get(id) ?? { id, servicePlanName, displayName, inSkuIds: [], onIn: [] };
      service.inSkuIds.push(skuId);
      if (off[skuId]?.includes(id) !== true) service.onIn.push(skuId);
      services.set(id, service);
    }
  }
  const { compare } = new Intl.Collator(language, { numeric: true });
  return [...services.values()].sort((one, other) => compare(one.displayName, other.displayName));
}

/** On in all, in none, or in some of the products that contain it. */
export function stateOf({ inSkuIds, onIn }: Service): boolean | 'mixed' {
  return onIn.length === 0 ? false : onIn.length === inSkuIds.length ? true : 'mixed';
}
