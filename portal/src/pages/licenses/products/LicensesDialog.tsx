/** Buys or removes licenses of a product: one new total, and what that means in words before it is saved. */
import { Field, Input, MessageBar, MessageBarBody, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StaleError } from '../../../api/errors';
import { type Product, usePutProduct } from '../../../api/products';
import { ActionDialog } from '../../../components/ActionDialog';
import { useFormat } from '../../../i18n/format';
import { parseTotal, TOTAL_MAX, writableOf } from './product';
import { SeatBar } from './SeatBar';

interface LicensesDialogProps {
  /** As it was when the dialog was opened. */
  opened: Product;
  /** As it is now; nothing if another administrator has deleted it. */
  now: Product | undefined;
  onDone: (text: string) => void;
  onClose: () => void;
}

export function LicensesDialog({ opened, now, onDone, onClose }: LicensesDialogProps) {
  const { t } = useTranslation(['products', 'common']);
  const { number } = useFormat();
  const put = usePutProduct();
  const product = now ?? opened;
  const [text, setText] = useState(opened.totalLicenses.toString());
  const total = parseTotal(text);
  const more = total === undefined ? 0 : total - product.totalLicenses;
  const isTooFew = total !== undefined && total < product.assignedLicenses;

  const fault =
    total === undefined
      ? t('totalFault', { max: number(TOTAL_MAX) })
      : isTooFew
        ? t('licenses.tooFew', { count: product.assignedLicenses, number: number(product.assignedLicenses) })
        : undefined;
  const action =
    more === 0
      ? t('licenses.save')
      : more > 0
        ? t('licenses.buy', { count: more, number: number(more) })
        : t('licenses.remove', { count: -more, number: number(-more) });

  // After the save its own change is read again, just before the dialog closes.
  const isOvertaken = now?.etag !== opened.etag && !put.isPending && !put.isSuccess;

  return (
    <ActionDialog
      title={t('licenses.title', { product: product.displayName })}
      action={action}
      isReady={fault === undefined && more !== 0 && now !== undefined}
      isWorking={put.isPending}
      // What somebody else did is told by the note below, with the numbers of now.
      error={put.error instanceof StaleError ? null : put.error}
      onClose={onClose}
      onSubmit={() => {
        if (total === undefined) return;
        put.mutate(
          { ...writableOf(product), skuId: product.skuId, etag: product.etag, totalLicenses: total },
          {
            onSuccess: ({ displayName, totalLicenses }) => {
              onDone(t('licenses.done', { product: displayName, count: totalLicenses, number: number(totalLicenses) }));
            },
          },
        );
      }}
    >
      {isOvertaken && (
        <MessageBar intent="warning" layout="multiline" role="status">
          <MessageBarBody>{now === undefined ? t('common:meanwhile.deleted') : t('changedMeanwhile')}</MessageBarBody>
        </MessageBar>
      )}
      <SeatBar
        total={product.totalLicenses}
        assigned={product.assignedLicenses}
        available={product.availableLicenses}
      />
      <Field
        label={t('total')}
        hint={t('licenses.hint')}
        {...(fault !== undefined && { validationState: 'error', validationMessage: fault })}
      >
        <Input
          type="number"
          inputMode="numeric"
          min={0}
          max={TOTAL_MAX}
          value={text}
          onChange={(_event, { value }) => {
            setText(value);
          }}
        />
      </Field>
      <Text role="status">
        {fault !== undefined || total === undefined
          ? ''
          : t('licenses.after', {
              count: total - product.assignedLicenses,
              number: number(total - product.assignedLicenses),
            })}
      </Text>
    </ActionDialog>
  );
}
