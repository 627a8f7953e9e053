/** Changes what a product is called and has inside. Its holders have what it has from then on. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StaleError } from '../../../api/errors';
import { type Product, usePutProduct } from '../../../api/products';
import { ActionDialog } from '../../../components/ActionDialog';
import { MeanwhileNote } from '../../../components/MeanwhileNote';
import { useSharedDraft } from '../../../components/useSharedDraft';
import { draftOf, faultsOf, type ProductDraft, writeOf } from './product';
import { ProductFields } from './ProductFields';

const LABELS = {
  skuId: 'skuId',
  skuPartNumber: 'partNumber',
  displayName: 'name',
  total: 'total',
  servicePlans: 'inside',
} as const satisfies Record<keyof ProductDraft, string>;

interface EditProductDialogProps {
  /** As it was when the dialog was opened. */
  opened: Product;
  /** As it is now; nothing if another administrator has deleted it. */
  now: Product | undefined;
  onDone: (text: string) => void;
  onClose: () => void;
}

export function EditProductDialog({ opened, now, onDone, onClose }: EditProductDialogProps) {
  const { t } = useTranslation(['products', 'common']);
  const put = usePutProduct();
  const isSaving = put.isPending || put.isSuccess;
  const { base, draft, setDraft, taken, disputed } = useSharedDraft({ opened, now, isSaving, draftOf });
  const [isTried, setTried] = useState(false);
  const faults = faultsOf(draft, []);

  function submit(): void {
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    put.mutate(
      { ...writeOf(draft), etag: base.etag },
      {
        onSuccess: ({ displayName }) => {
          onDone(t('edit.done', { product: displayName }));
        },
      },
    );
  }

  return (
    <ActionDialog
      title={t('edit.title', { product: opened.displayName })}
      action={t('edit.action')}
      isReady={now !== undefined}
      isWorking={put.isPending}
      // What somebody else did is told by the note below.
      error={put.error instanceof StaleError ? null : put.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <MeanwhileNote
        ended={now === undefined && !isSaving && t('common:meanwhile.deleted')}
        taken={taken.map((field) => t(LABELS[field]))}
        disputed={disputed.map((field) => t(LABELS[field]))}
      />
      {base.assignedLicenses > 0 && (
        <MessageBar layout="multiline">
          <MessageBarBody>{t('edit.effect')}</MessageBarBody>
        </MessageBar>
      )}
      <ProductFields draft={draft} faults={isTried ? faults : {}} isExisting onChange={setDraft} />
    </ActionDialog>
  );
}
