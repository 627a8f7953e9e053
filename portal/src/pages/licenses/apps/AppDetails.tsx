/** The ids that sign-ins to an app carry, the services that license it, and which products have them. */
import { Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { App } from '../../../api/apps';
import { useMayManage } from '../../../api/me';
import type { Policy } from '../../../api/policies';
import type { Product } from '../../../api/products';
import { Columns, Fact, Facts } from '../../../components/Facts';

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  note: { color: tokens.colorNeutralForeground3 },
});

interface AppDetailsProps {
  app: App;
  /** Those that license it. */
  products: readonly Product[];
  planNames: ReadonlyMap<string, string>;
  /** The one that gives licenses for it. */
  policy: Policy | undefined;
  onAsk: (kind: 'edit' | 'delete') => void;
}

export function AppDetails({ app, products, planNames, policy, onAsk }: AppDetailsProps) {
  const styles = useStyles();
  const { t } = useTranslation('apps');
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  return (
    <>
      <Facts>
        <Fact name={t('clientAppIds')}>
          <Columns items={app.clientAppIds.map((id) => ({ id, text: id }))} />
        </Fact>
        <Fact name={t('plans')}>
          <Columns
            items={app.servicePlanIds.map((id) => ({ id, text: planNames.get(id) ?? t('unknownPlan', { id }) }))}
          />
        </Fact>
        <Fact name={t('licensedBy')}>
          {products.length === 0 ? (
            t('noProducts')
          ) : (
            <Columns items={products.map(({ skuId, displayName }) => ({ id: skuId, text: displayName }))} />
          )}
        </Fact>
        <Fact name={t('policy')}>{policy?.name ?? t('noPolicy')}</Fact>
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
          {policy === undefined ? (
            <Button
              {...restoreFocus}
              onClick={() => {
                onAsk('delete');
              }}
            >
              {t('delete.open')}
            </Button>
          ) : (
            <Text size={200} className={styles.note}>
              {t('delete.inPolicy', { policy: policy.name })}
            </Text>
          )}
        </div>
      )}
    </>
  );
}
