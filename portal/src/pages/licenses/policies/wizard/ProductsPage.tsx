/** Which app the policy is for, and from which products its licenses come: a primary one and up to four backups. */
import { Button, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { POLICY_PRODUCTS_MAX } from '../../../../api/policies';
import { licenses } from '../../../../api/products';
import { useFormat } from '../../../../i18n/format';
import { type Alternative, Choice } from './Choice';
import { appFault, appOf, moved, noBackup, policyOf, productFault } from './draft';
import type { PageProps } from './page';
import { ProductRow } from './ProductRow';

const useStyles = makeStyles({
  products: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, alignItems: 'stretch' },
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  // Its own margin would push it out of line with the fields above.
  add: { alignSelf: 'flex-start', marginLeft: `calc(-1 * ${tokens.spacingHorizontalM})` },
});

export function ProductsPage({ draft, catalog, isChecked, onChange }: PageProps) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const { number } = useFormat();
  const { skuIds } = draft;
  const { keys, section, change } = usePlaces(skuIds, (changed) => {
    onChange({ skuIds: changed });
  });
  const app = appOf(draft, catalog);

  const found = appFault(draft, catalog);
  const fault = isChecked || found !== 'missing' ? found : undefined;
  const faults = skuIds.map((skuId) => {
    const each = productFault(skuId, draft, catalog);
    return isChecked || each !== 'missing' ? each : undefined;
  });
  const without = noBackup(draft, catalog);

  const apps = catalog.apps.map((each): Alternative => {
    const policy = policyOf(each, catalog);
    const note = policy === undefined ? t('products.appFree') : t('products.appHasPolicy', { policy: policy.name });
    return { id: each.id, name: each.name, note, isOffered: policy === undefined };
  });
  const productsFor = (place: number) =>
    catalog.products
      .map((product): Alternative => {
        const { skuId, displayName } = product;
        const isElsewhere = skuIds.some((each, other) => each === skuId && other !== place);
        const isFit = app === undefined || licenses(product, app);
        const note = !isFit
          ? t('products.lacksApp', { app: app.name })
          : isElsewhere
            ? t('products.chosen')
            : t('products.seats', {
                count: product.totalLicenses,
                available: number(product.availableLicenses),
                total: number(product.totalLicenses),
              });
        return { id: skuId, name: displayName, note, isOffered: isFit && !isElsewhere };
      })
      // What can be chosen stands first; each part by name.
      .sort((one, other) => Number(other.isOffered) - Number(one.isOffered));

  return (
    <>
      <Choice
        label={t('products.app')}
        placeholder={t('products.chooseApp')}
        alternatives={apps}
        chosenId={draft.appId}
        fault={fault && t(`products.appFault.${fault}`)}
        onChoose={(appId) => {
          onChange({ appId });
        }}
      />
      <section ref={section} className={styles.products} aria-labelledby="assigning-order">
        <div>
          <Subtitle2 as="h3" id="assigning-order" block>
            {t('products.order')}
          </Subtitle2>
          <Text className={styles.quiet}>{t('products.orderText')}</Text>
        </div>
        <ol className={styles.list}>
          {skuIds.map((skuId, place) => (
            <ProductRow
              key={keys[place]}
              place={place}
              count={skuIds.length}
              skuId={skuId}
              alternatives={productsFor(place)}
              fault={faults[place]}
              app={app}
              onChoose={(chosen) => {
                onChange({ skuIds: skuIds.with(place, chosen) });
              }}
              onMove={(step) => {
                change(moved(skuIds, place, step), moved(keys, place, step));
              }}
              onRemove={() => {
                change(skuIds.toSpliced(place, 1), keys.toSpliced(place, 1), place);
              }}
            />
          ))}
        </ol>
        {without === undefined ? (
          <Button
            className={styles.add}
            appearance="transparent"
            icon={<AddRegular />}
            onClick={() => {
              change([...skuIds, ''], [...keys, Math.max(...keys) + 1], skuIds.length);
            }}
          >
            {t('products.addBackup')}
          </Button>
        ) : (
          <Text className={styles.quiet}>
            {t(`products.noBackup.${without}`, { app: app?.name ?? '', most: number(POLICY_PRODUCTS_MAX - 1) })}
          </Text>
        )}
      </section>
    </>
  );
}

/**
 * What each place in the list is known by, whatever is chosen there and wherever it is moved: so the focus stays in it.
 * Where one comes or goes, the focus goes to what stands there then.
 */
function usePlaces(skuIds: readonly string[], onChange: (skuIds: string[]) => void) {
  const [keys, setKeys] = useState<readonly number[]>(() => skuIds.map((_skuId, place) => place));
  const section = useRef<HTMLElement>(null);
  const focused = useRef<number>(undefined);
  useEffect(() => {
    if (focused.current === undefined) return;
    // After the last field stands the button that adds another.
    section.current?.querySelectorAll<HTMLElement>('[role="combobox"], :scope > button')[focused.current]?.focus();
    focused.current = undefined;
  }, [keys]);

  function change(changed: string[], changedKeys: readonly number[], focus?: number): void {
    focused.current = focus;
    setKeys(changedKeys);
    onChange(changed);
  }
  return { keys, section, change };
}
