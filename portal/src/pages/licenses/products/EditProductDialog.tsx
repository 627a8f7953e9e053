/** Changes what a product is called and has inside. Its holders have what it has from then on. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Product, usePutProduct } from '../../../api/products';
import { FormDialog } from '../../../components/FormDialog';
import { faultsOf, type ProductDraft, writeOf } from './product';
import { ProductFields } from './ProductFields';

interface EditProductDialogProps {
  product: Product;
  onDone: (text: string) => void;
  onClose: () => void;
}

export function EditProductDialog({ product, onDone, onClose }: EditProductDialogProps) {
  const { t } = useTranslation('products');
  const put = usePutProduct();
  const [draft, setDraft] = useState<ProductDraft>({ ...product, total: product.totalLicenses.toString() });
  const [isTried, setTried] = useState(false);
  const faults = faultsOf(draft, []);

  function submit(): void {
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    put.mutate(
      { ...writeOf(draft), etag: product.etag },
      {
        onSuccess: ({ displayName }) => {
          onDone(t('edit.done', { product: displayName }));
        },
      },
    );
  }

  return (
    <FormDialog
      title={t('edit.title', { product: product.displayName })}
      action={t('edit.action')}
      isWorking={put.isPending}
      error={put.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {product.assignedLicenses > 0 && (
        <MessageBar layout="multiline">
          <MessageBarBody>{t('edit.effect')}</MessageBarBody>
        </MessageBar>
      )}
      <ProductFields draft={draft} faults={isTried ? faults : {}} isExisting onChange={setDraft} />
    </FormDialog>
  );
}
