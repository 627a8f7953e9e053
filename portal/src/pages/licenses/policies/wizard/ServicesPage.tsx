/** Which apps and services of one product are on in the licenses that the policy gives. */
import { useTranslation } from 'react-i18next';
import type { App } from '../../../../api/apps';
import type { Product } from '../../../../api/products';
import { ServiceChoice } from '../../../../components/ServiceChoice';
import { neededIn, offIn } from './draft';
import type { PageProps } from './page';

export function ServicesPage({ draft, product, app, onChange }: PageProps & { product: Product; app: App }) {
  const { t } = useTranslation('wizard');
  const off = offIn(draft, product, app);
  const id = neededIn(off, product, app);
  return (
    <ServiceChoice
      productName={product.displayName}
      plans={product.servicePlans}
      off={off}
      {...(id !== undefined && { needed: { id, reason: t('services.needed', { app: app.name }) } })}
      onChange={(changed) => {
        onChange({ off: { ...draft.off, [product.skuId]: changed } });
      }}
    />
  );
}
