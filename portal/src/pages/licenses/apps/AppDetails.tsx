/** The ids that sign-ins to an app carry, the services that license it, and which products have them. */
import { useTranslation } from 'react-i18next';
import type { App } from '../../../api/apps';
import type { Policy } from '../../../api/policies';
import type { Product } from '../../../api/products';
import { Columns, Fact, Facts } from '../../../components/Facts';
import { EditOrDelete } from '../EditOrDelete';

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
  const { t } = useTranslation('apps');
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
      <EditOrDelete neededFor={policy && t('delete.inPolicy', { policy: policy.name })} onAsk={onAsk} />
    </>
  );
}
