/** What the API would refuse of a draft, found before it is sent. */
import type { App } from '../../../../api/apps';
import { nameFault } from '../../../../api/idsAndNames';
import { licenses, type Product } from '../../../../api/products';
import type { Draft } from './draft';

export interface Faults {
  name: 'missing' | 'tooLong' | undefined;
  /** Products in which nothing that licenses the app is left on. */
  lacking: readonly Product[];
}

export function faultsOf(draft: Draft, products: readonly Product[], app: App | undefined): Faults {
  return {
    name: nameFault(draft.name),
    lacking: products.filter(
      (product) =>
        app !== undefined && draft.skuIds.includes(product.skuId) && !licenses(product, app, draft.off[product.skuId]),
    ),
  };
}
