/** Everything that was entered, each part with a way back to its page. */
import { Button, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { EditRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../i18n/format';
import { appOf, type Catalog, type Draft, offIn, productOf } from './draft';
import type { PageProps } from './page';
import { servicesStep, type Step } from './steps';

const useStyles = makeStyles({
  part: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXL}`,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflowWrap: 'anywhere',
  },
  parts: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  head: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: tokens.spacingHorizontalM },
  list: { margin: 0, paddingLeft: '20px', display: 'grid', gap: tokens.spacingVerticalXS },
  quiet: { display: 'block', color: tokens.colorNeutralForeground3 },
});

export function ReviewPage({ draft, catalog, onGo }: PageProps & { onGo: (step: Step) => void }) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const { number } = useFormat();
  const products = draft.skuIds.flatMap((skuId) => productOf(skuId, catalog) ?? []);
  return (
    <div className={styles.parts}>
      <Part title={t('review.name')} step="name" onGo={onGo}>
        <Text>{draft.name.trim()}</Text>
      </Part>
      <Part title={t('products.step')} step="products" onGo={onGo}>
        <Text>{appOf(draft, catalog)?.name}</Text>
        <ol className={styles.list}>
          {products.map((product, place) => (
            <li key={product.skuId}>
              {product.displayName}
              <Text size={200} className={styles.quiet}>
                {place === 0 ? t('products.primary') : t('products.backup', { number: number(place) })}
                {', '}
                {t('products.seats', {
                  count: product.totalLicenses,
                  available: number(product.availableLicenses),
                  total: number(product.totalLicenses),
                })}
              </Text>
            </li>
          ))}
        </ol>
      </Part>
      {products.map((product, place) => (
        <Services key={product.skuId} place={place} skuId={product.skuId} draft={draft} catalog={catalog} onGo={onGo} />
      ))}
    </div>
  );
}

interface ServicesProps {
  place: number;
  skuId: string;
  draft: Draft;
  catalog: Catalog;
  onGo: (step: Step) => void;
}

function Services({ place, skuId, draft, catalog, onGo }: ServicesProps) {
  const styles = useStyles();
  const { t } = useTranslation(['wizard', 'common']);
  const { number, list } = useFormat();
  const product = productOf(skuId, catalog);
  const app = appOf(draft, catalog);
  if (product === undefined || app === undefined) return null;
  const off = offIn(draft, product, app);
  const names = product.servicePlans.filter((plan) => off.includes(plan.servicePlanId)).map((plan) => plan.displayName);
  return (
    <Part title={t('review.services', { product: product.displayName })} step={servicesStep(place)} onGo={onGo}>
      <Text>
        {t('common:services.count', {
          on: number(product.servicePlans.length - off.length),
          all: number(product.servicePlans.length),
        })}
        {names.length > 0 && (
          <Text size={200} className={styles.quiet}>
            {t('review.off', { names: list(names) })}
          </Text>
        )}
      </Text>
    </Part>
  );
}

function Part(props: { title: string; step: Step; onGo: (step: Step) => void; children: ReactNode }) {
  const { title, step, onGo, children } = props;
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  return (
    <section className={styles.part} aria-label={title}>
      <div className={styles.head}>
        <Subtitle2 as="h3">{title}</Subtitle2>
        <Button
          appearance="transparent"
          icon={<EditRegular />}
          aria-label={t('review.editOf', { part: title })}
          onClick={() => {
            onGo(step);
          }}
        >
          {t('review.edit')}
        </Button>
      </div>
      {children}
    </section>
  );
}
