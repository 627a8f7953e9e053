/** What the API would refuse of a draft, found before it is sent. */
import type { App } from '../../api/apps';
import type { Product } from '../../api/products';
import { type Draft, NAME_CODE_POINTS_MAX } from './draft';

export interface Faults {
  name: 'nameMissing' | 'nameTooLong' | undefined;
  /** Products in which nothing that licenses the app is left on. */
  lacking: readonly Product[];
}

export function faultsOf(draft: Draft, products: readonly Product[], app: App | undefined): Faults {
  const name = draft.name.trim();
  return {
    name: name === '' ? 'nameMissing' : Array.from(name).length > NAME_CODE_POINTS_MAX ? 'nameTooLong' : undefined,
    lacking: products.filter(
      (product) =>
        app !== undefined && draft.skuIds.includes(product.skuId) && !licenses(product, app, draft.off[product.skuId]),
    ),
  };
}

/** Whether a license of the product, less what is off in it, is one for the app. */
export function licenses(product: Product, app: App, off: readonly string[] = []): boolean {
  return product.servicePlans.some(
    ({ servicePlanId }) => app.servicePlanIds.includes(servicePlanId) && !off.includes(servicePlanId),
  );
}
