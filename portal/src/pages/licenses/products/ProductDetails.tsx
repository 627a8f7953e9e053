/** What a product is and has inside, which policies give it, and what else can be done with it. */
import { useTranslation } from 'react-i18next';
import type { Policy } from '../../../api/policies';
import type { Product } from '../../../api/products';
import { Columns, Fact, Facts } from '../../../components/Facts';
import { useFormat } from '../../../i18n/format';
import { EditOrDelete } from '../EditOrDelete';

interface ProductDetailsProps {
  product: Product;
  /** Those that give it. */
  policies: readonly Policy[];
  onAsk: (kind: 'edit' | 'delete') => void;
}

export function ProductDetails({ product, policies, onAsk }: ProductDetailsProps) {
  const { t } = useTranslation('products');
  const { list, number } = useFormat();
  const names = list(policies.map(({ name }) => name));
  const { assignedLicenses: assigned } = product;
  const inPolicies =
    policies.length > 0 ? t('delete.inPolicies', { count: policies.length, policies: names }) : undefined;
  const neededFor = assigned > 0 ? t('delete.assigned', { count: assigned, number: number(assigned) }) : inPolicies;

  return (
    <>
      <Facts>
        <Fact name={t('skuId')}>{product.skuId}</Fact>
        <Fact name={t('partNumber')}>{product.skuPartNumber}</Fact>
        <Fact name={t('policies')}>{policies.length === 0 ? t('noPolicies') : names}</Fact>
        <Fact name={t('inside')}>
          <Columns
            items={product.servicePlans.map(({ servicePlanId, displayName }) => ({
              id: servicePlanId,
              text: displayName,
            }))}
          />
        </Fact>
      </Facts>
      <EditOrDelete neededFor={neededFor} onAsk={onAsk} />
    </>
  );
}
