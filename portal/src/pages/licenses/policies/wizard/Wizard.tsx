/** Adds a policy, page by page. Here: who may, and what the pages choose from; the pages themselves are in Pages.tsx. */
import { useTranslation } from 'react-i18next';
import { ShieldLockRegular } from '@fluentui/react-icons';
import { useApps } from '../../../../api/apps';
import { useMe } from '../../../../api/me';
import { usePolicies } from '../../../../api/policies';
import { useProducts } from '../../../../api/products';
import { EmptyState } from '../../../../components/EmptyState';
import { ActionLink } from '../../../../components/ActionLink';
import { PageHeader } from '../../../../components/PageHeader';
import { Waiting } from '../../../../components/Waiting';
import { Pages } from './Pages';

export function Wizard() {
  const { t } = useTranslation(['wizard', 'common']);
  return (
    <>
      <PageHeader title={t('title')} />
      <Content />
    </>
  );
}

function Content() {
  const { t } = useTranslation(['wizard', 'common']);
  const me = useMe();
  const apps = useApps();
  const products = useProducts();
  const policies = usePolicies();

  if (me.data?.rights.includes('manage') === false) {
    return (
      <EmptyState icon={<ShieldLockRegular />} text={t('common:readOnly')}>
        <ActionLink to="/licenses/policies">{t('toList')}</ActionLink>
      </EmptyState>
    );
  }
  if (!me.data || !apps.data || !products.data || !policies.data) {
    return <Waiting queries={[me, apps, products, policies]} rows={6} />;
  }
  return (
    <Pages
      catalog={{ apps: apps.data, products: products.data, policies: policies.data }}
      onReread={async () => {
        const [appsNow, productsNow, policiesNow] = await Promise.all([
          apps.refetch(),
          products.refetch(),
          policies.refetch(),
        ]);
        return {
          apps: appsNow.data ?? apps.data,
          products: productsNow.data ?? products.data,
          policies: policiesNow.data ?? policies.data,
        };
      }}
    />
  );
}
