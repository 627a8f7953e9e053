/** What a draft says of a field, in words short enough to be put side by side. */
import { useTranslation } from 'react-i18next';
import type { Product } from '../../../../api/products';
import { useFormat } from '../../../../i18n/format';
import { type Draft, type Field, skuIdOf } from './draft';

export function useWording(
  products: readonly Product[],
  nameOf: (skuId: string) => string,
): (field: Field, draft: Draft) => string {
  const { t } = useTranslation(['policyPane', 'common']);
  const { list } = useFormat();
  return (field, draft) => {
    if (field === 'name') return draft.name.trim();
    if (field === 'enabled') return draft.enabled ? t('common:policyOn') : t('common:policyOff');
    if (field === 'skuIds') {
      return draft.skuIds.map((skuId, place) => `${(place + 1).toString()}. ${nameOf(skuId)}`).join(', ');
    }
    const skuId = skuIdOf(field) ?? '';
    const off = draft.off[skuId];
    if (off === undefined) return t('conflict.notThere');
    if (off.length === 0) return t('conflict.allOn');
    const plans = products.find((product) => product.skuId === skuId)?.servicePlans ?? [];
    const names = off.map((id) => plans.find(({ servicePlanId }) => servicePlanId === id)?.displayName ?? id);
    return t('conflict.off', { services: list(names) });
  };
}
