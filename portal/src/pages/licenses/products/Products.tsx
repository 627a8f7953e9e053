/** What the organisation has bought: how many licenses of each product are assigned and left, and what is inside. */
import { Button, makeStyles, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular, BoxMultipleRegular, BoxSearchRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayManage } from '../../../api/me';
import { usePolicies } from '../../../api/policies';
import { type Product, useDeleteProduct, useProducts } from '../../../api/products';
import { DeleteDialog } from '../../../components/DeleteDialog';
import { DetailRow, DetailRows } from '../../../components/DetailRow';
import { EmptyState } from '../../../components/EmptyState';
import { SearchField } from '../../../components/SearchField';
import { useAsked } from '../../../components/useAsked';
import { Waiting } from '../../../components/Waiting';
import { useFormat } from '../../../i18n/format';
import { ProductDetails } from './ProductDetails';
import { SeatBar } from './SeatBar';

const AddProductDialog = lazy(async () => ({ default: (await import('./AddProductDialog')).AddProductDialog }));
const EditProductDialog = lazy(async () => ({ default: (await import('./EditProductDialog')).EditProductDialog }));
const LicensesDialog = lazy(async () => ({ default: (await import('./LicensesDialog')).LicensesDialog }));

const useStyles = makeStyles({
  tools: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: tokens.spacingVerticalM,
    marginBottom: tokens.spacingVerticalL,
  },
  filter: { width: '320px', maxWidth: '100%' },
});

type Asked = { kind: 'add' } | { kind: 'licenses' | 'edit' | 'delete'; opened: Product };

export function Products() {
  const styles = useStyles();
  const { t } = useTranslation('products');
  const { number } = useFormat();
  const products = useProducts({ isFollowed: true });
  const policies = usePolicies();
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  const remove = useDeleteProduct();
  const { asked, ask, close, done, toaster } = useAsked<Asked>();
  const [filter, setFilter] = useState('');

  if (products.data === undefined || policies.data === undefined) return <Waiting queries={[products, policies]} />;
  const all = products.data;
  const wanted = filter.trim().toLocaleLowerCase();
  const shown = all.filter(({ displayName, skuPartNumber }) =>
    [displayName, skuPartNumber].some((name) => name.toLocaleLowerCase().includes(wanted)),
  );
  const opened = asked !== undefined && 'opened' in asked ? asked.opened : undefined;
  const now = all.find(({ skuId }) => skuId === opened?.skuId);
  const add = mayManage && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      {...restoreFocus}
      onClick={() => {
        ask({ kind: 'add' });
      }}
    >
      {t('add.open')}
    </Button>
  );

  return (
    <>
      {all.length === 0 ? (
        <EmptyState
          icon={<BoxMultipleRegular />}
          title={t('empty.title')}
          text={mayManage ? t('empty.text') : t('empty.reader')}
        >
          {add}
        </EmptyState>
      ) : (
        <>
          <div className={styles.tools}>
            <SearchField className={styles.filter} label={t('filter')} value={filter} onChange={setFilter} />
            {add}
          </div>
          {shown.length === 0 ? (
            <EmptyState icon={<BoxSearchRegular />} text={t('noneFits', { filter })} />
          ) : (
            <DetailRows label={t('list')}>
              {shown.map((product) => (
                <DetailRow
                  key={product.skuId}
                  name={product.displayName}
                  note={t('services', {
                    count: product.servicePlans.length,
                    number: number(product.servicePlans.length),
                  })}
                  aside={
                    <SeatBar
                      total={product.totalLicenses}
                      assigned={product.assignedLicenses}
                      available={product.availableLicenses}
                    />
                  }
                  actions={
                    mayManage && (
                      <Button
                        {...restoreFocus}
                        aria-label={t('licenses.openOf', { product: product.displayName })}
                        onClick={() => {
                          ask({ kind: 'licenses', opened: product });
                        }}
                      >
                        {t('licenses.open')}
                      </Button>
                    )
                  }
                >
                  <ProductDetails
                    product={product}
                    policies={policies.data.filter((policy) =>
                      policy.products.some(({ skuId }) => skuId === product.skuId),
                    )}
                    onAsk={(kind) => {
                      ask({ kind, opened: product });
                    }}
                  />
                </DetailRow>
              ))}
            </DetailRows>
          )}
        </>
      )}
      <Suspense>
        {asked?.kind === 'add' && <AddProductDialog products={all} onDone={done} onClose={close} />}
        {asked?.kind === 'edit' && <EditProductDialog opened={asked.opened} now={now} onDone={done} onClose={close} />}
        {asked?.kind === 'licenses' && <LicensesDialog opened={asked.opened} now={now} onDone={done} onClose={close} />}
        {asked?.kind === 'delete' && (
          <DeleteDialog
            opened={asked.opened}
            now={now}
            remove={remove}
            title={t('delete.title', { product: asked.opened.displayName })}
            text={t('delete.text')}
            action={t('delete.action')}
            onDone={() => {
              done(t('delete.done', { product: asked.opened.displayName }));
            }}
            onClose={close}
          />
        )}
      </Suspense>
      {toaster}
    </>
  );
}
