/** What a product is and has inside, which policies give it, and what else can be done with it. */
import { Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useMayManage } from '../../../api/me';
import type { Policy } from '../../../api/policies';
import type { Product } from '../../../api/products';
import { Columns, Fact, Facts } from '../../../components/Facts';
import { useFormat } from '../../../i18n/format';

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  reason: { color: tokens.colorNeutralForeground3 },
});

interface ProductDetailsProps {
  product: Product;
  /** Those that give it. */
  policies: readonly Policy[];
  onAsk: (kind: 'edit' | 'delete') => void;
}

export function ProductDetails({ product, policies, onAsk }: ProductDetailsProps) {
  const styles = useStyles();
  const { t } = useTranslation('products');
  const { list, number } = useFormat();
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  const names = list(policies.map(({ name }) => name));
  const isNeeded = product.assignedLicenses > 0 || policies.length > 0;

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
      {mayManage && (
        <div className={styles.actions}>
          <Button
            {...restoreFocus}
            onClick={() => {
              onAsk('edit');
            }}
          >
            {t('edit.open')}
          </Button>
          {!isNeeded && (
            <Button
              {...restoreFocus}
              onClick={() => {
                onAsk('delete');
              }}
            >
              {t('delete.open')}
            </Button>
          )}
          {isNeeded && (
            <Text size={200} className={styles.reason}>
              {product.assignedLicenses > 0
                ? t('delete.assigned', {
                    count: product.assignedLicenses,
                    number: number(product.assignedLicenses),
                  })
                : t('delete.inPolicies', { count: policies.length, policies: names })}
            </Text>
          )}
        </div>
      )}
    </>
  );
}
