/** What the organisation has bought: how many licenses of each product are assigned and left, and what is inside. */
import { Button, makeStyles, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular, BoxMultipleRegular, BoxSearchRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayManage } from '../../../api/me';
import { usePolicies } from '../../../api/policies';
import { type Product, useProducts } from '../../../api/products';
import { DetailRow, DetailRows } from '../../../components/DetailRow';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorNote } from '../../../components/ErrorNote';
import { LoadingRows } from '../../../components/LoadingRows';
import { SearchField } from '../../../components/SearchField';
import { SeatBar } from '../../../components/SeatBar';
import { useDone } from '../../../components/useDone';
import { useFormat } from '../../../i18n/format';
import { ProductDetails } from './ProductDetails';

const AddProductDialog = lazy(async () => ({ default: (await import('./AddProductDialog')).AddProductDialog }));
const EditProductDialog = lazy(async () => ({ default: (await import('./EditProductDialog')).EditProductDialog }));
const LicensesDialog = lazy(async () => ({ default: (await import('./LicensesDialog')).LicensesDialog }));
const DeleteProductDialog = lazy(async () => ({
  default: (await import('./DeleteProductDialog')).DeleteProductDialog,
}));

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

type Asked = { kind: 'add' } | { kind: 'licenses' | 'edit' | 'delete'; product: Product };

export function Products() {
  const styles = useStyles();
  const { t } = useTranslation('products');
  const { number } = useFormat();
  const products = useProducts();
  const policies = usePolicies();
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  const { say, toaster } = useDone();
  const [filter, setFilter] = useState('');
  const [asked, setAsked] = useState<Asked>();

  if (products.data === undefined || policies.data === undefined) {
    const error = products.error ?? policies.error;
    if (error === null) return <LoadingRows />;
    return <ErrorNote error={error} onRetry={() => void Promise.all([products.refetch(), policies.refetch()])} />;
  }
  const all = products.data;
  const wanted = filter.trim().toLocaleLowerCase();
  const shown = all.filter(({ displayName, skuPartNumber }) =>
    [displayName, skuPartNumber].some((name) => name.toLocaleLowerCase().includes(wanted)),
  );
  const done = (text: string) => {
    setAsked(undefined);
    say(text);
  };
  const close = () => {
    setAsked(undefined);
  };
  const add = mayManage && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      {...restoreFocus}
      onClick={() => {
        setAsked({ kind: 'add' });
      }}
    >
      {t('add.open')}
    </Button>
  );

  return (
    <>
      {all.length === 0 ? (
        <EmptyState icon={<BoxMultipleRegular />} title={t('empty.title')} text={t('empty.text')}>
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
                          setAsked({ kind: 'licenses', product });
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
                      setAsked({ kind, product });
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
        {asked?.kind === 'edit' && <EditProductDialog product={asked.product} onDone={done} onClose={close} />}
        {asked?.kind === 'licenses' && (
          <LicensesDialog
            opened={asked.product}
            now={all.find(({ skuId }) => skuId === asked.product.skuId)}
            onDone={done}
            onClose={close}
          />
        )}
        {asked?.kind === 'delete' && <DeleteProductDialog product={asked.product} onDone={done} onClose={close} />}
      </Suspense>
      {toaster}
    </>
  );
}
