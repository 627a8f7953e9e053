/** Which apps and services of one product are on in the licenses that the policy gives. */
import { useTranslation } from 'react-i18next';
import type { App } from '../../api/apps';
import type { Product } from '../../api/products';
import { ServiceChoice } from '../../components/ServiceChoice';
import { isNeeded, offIn } from './draft';
import type { PageProps } from './PageBody';

export function ServicesPage({ draft, product, app, onChange }: PageProps & { product: Product; app: App }) {
  const { t } = useTranslation('wizard');
  return (
    <ServiceChoice
      productName={product.displayName}
      plans={product.servicePlans}
      off={offIn(draft, product, app)}
      neededFor={(servicePlanId) =>
        isNeeded(servicePlanId, draft, product, app) ? t('services.needed', { app: app.name }) : undefined
      }
      onChange={(off) => {
        onChange({ off: { ...draft.off, [product.skuId]: off } });
      }}
    />
  );
}
