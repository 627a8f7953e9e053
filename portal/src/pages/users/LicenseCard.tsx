/** A license: what is on in it, where it came from and when. */
import { Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useMayManage } from '../../api/me';
import type { Product } from '../../api/products';
import type { License } from '../../api/users';
import { Fact, Facts } from '../../components/Facts';
import { useFormat } from '../../i18n/format';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: tokens.spacingVerticalM,
    padding: '16px 20px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    listStyleType: 'none',
  },
  text: {
    display: 'flex',
    flexDirection: 'column',
    flex: '1 1 420px',
    gap: tokens.spacingVerticalS,
    minWidth: 0,
  },
  product: { overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

interface LicenseCardProps {
  license: License;
  product: Product | undefined;
  onAsk: (kind: 'change' | 'takeBack') => void;
}

export function LicenseCard({ license, product, onAsk }: LicenseCardProps) {
  const styles = useStyles();
  const { t } = useTranslation('users');
  const { moment } = useFormat();
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  const { assignedBy, productName } = license;
  const origin =
    assignedBy.kind === 'policy'
      ? t('origin.policy', { policy: assignedBy.policyName ?? assignedBy.policyId ?? '' })
      : t('origin.administrator', { name: assignedBy.name ?? assignedBy.id ?? '' });

  return (
    <li className={styles.card}>
      <div className={styles.text}>
        <Text as="h2" size={400} weight="semibold" className={styles.product}>
          {productName}
        </Text>
        <Facts>
          <Fact name={t('origin.name')}>{origin}</Fact>
          <Fact name={t('since')}>
            <time dateTime={license.assignedAt}>{moment(license.assignedAt)}</time>
          </Fact>
          {product !== undefined && <Services license={license} product={product} />}
        </Facts>
      </div>
      {mayManage && (
        <div className={styles.actions}>
          {product !== undefined && (
            <Button
              {...restoreFocus}
              aria-label={t('change.openOf', { product: productName })}
              onClick={() => {
                onAsk('change');
              }}
            >
              {t('change.open')}
            </Button>
          )}
          <Button
            {...restoreFocus}
            aria-label={t('takeBack.openOf', { product: productName })}
            onClick={() => {
              onAsk('takeBack');
            }}
          >
            {t('takeBack.open')}
          </Button>
        </div>
      )}
    </li>
  );
}

function Services({ license, product }: { license: License; product: Product }) {
  const { t } = useTranslation('users');
  const { list, number } = useFormat();
  const { length } = product.servicePlans;
  const off = product.servicePlans.filter(({ servicePlanId }) =>
    license.disabledServicePlanIds.includes(servicePlanId),
  );
  return (
    <Fact name={t('services')}>
      {off.length === 0
        ? t('allOn', { count: length, number: number(length) })
        : t('someOn', {
            on: number(length - off.length),
            count: length,
            number: number(length),
            off: list(off.map(({ displayName }) => displayName)),
          })}
    </Fact>
  );
}
