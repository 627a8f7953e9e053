/** Deletes a product that nobody holds and no policy gives. */
import { useTranslation } from 'react-i18next';
import { type Product, useDeleteProduct } from '../../../api/products';
import { ConfirmDialog } from '../../../components/ConfirmDialog';

interface DeleteProductDialogProps {
  product: Product;
  onDone: (text: string) => void;
  onClose: () => void;
}

export function DeleteProductDialog({ product, onDone, onClose }: DeleteProductDialogProps) {
  const { t } = useTranslation('products');
  const remove = useDeleteProduct();
  const name = product.displayName;
  return (
    <ConfirmDialog
      isOpen
      title={t('delete.title', { product: name })}
      action={t('delete.action')}
      isWorking={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate(
          { skuId: product.skuId, etag: product.etag },
          {
            onSuccess: () => {
              onDone(t('delete.done', { product: name }));
            },
          },
        );
      }}
    >
      {t('delete.text')}
    </ConfirmDialog>
  );
}
