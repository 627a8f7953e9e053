/**
 * Assigns a license with the services that are wanted, or changes those of a license held.
 *
 * The API takes both for the same, and takes no ETag: so whether the user holds the license is watched here.
 */
import { Field, Select, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Product } from '../../api/products';
import { type License, useAssignLicense } from '../../api/users';
import { ActionDialog } from '../../components/ActionDialog';
import { MeanwhileNote } from '../../components/MeanwhileNote';
import { ServiceChoice } from '../../components/ServiceChoice';
import { useSharedDraft } from '../../components/useSharedDraft';
import { useFormat } from '../../i18n/format';

interface LicenseDialogProps {
  userId: string;
  userName: string;
  products: readonly Product[];
  held: readonly License[];
  /** The one that is changed, as it was when the dialog was opened; none: a new one. */
  license?: License;
  onDone: (text: string) => void;
  onClose: () => void;
}

/** What can be changed of a license; it is its own version. */
function versionOf({ disabledServicePlanIds }: License) {
  return { off: disabledServicePlanIds, etag: disabledServicePlanIds.join() };
}

export function LicenseDialog(props: LicenseDialogProps) {
  const { userId, userName, products, held, license, onDone, onClose } = props;
  const { t } = useTranslation('users');
  const { number } = useFormat();
  const put = useAssignLicense();
  const [skuId, setSkuId] = useState(license?.skuId ?? '');
  const heldNow = held.find((each) => each.skuId === skuId);
  const isSaving = put.isPending || put.isSuccess;
  const { draft, setDraft, taken, disputed } = useSharedDraft({
    opened: license && versionOf(license),
    now: license && heldNow && versionOf(heldNow),
    isSaving,
    draftOf: (version): { off: readonly string[] } => ({ off: version?.off ?? [] }),
  });
  const [isTried, setTried] = useState(false);
  const way = license === undefined ? 'assign' : 'change';
  const product = products.find((each) => each.skuId === skuId);
  const words = { user: userName, product: product?.displayName ?? license?.productName ?? '' };
  // The chosen one stays, so that it can be told what has become of it.
  const choices = products.filter((each) => each.skuId === skuId || !held.some((other) => other.skuId === each.skuId));
  const isChosen = skuId !== '' && !isSaving;
  const isReceived = isChosen && license === undefined && heldNow !== undefined;
  const isTakenBack = isChosen && license !== undefined && heldNow === undefined;
  const fields = { off: t('services') };

  function submit(): void {
    setTried(true);
    if (product === undefined) return;
    // What the product has today: a service that went in the meantime cannot be turned off.
    const ids = product.servicePlans.map(({ servicePlanId }) => servicePlanId);
    put.mutate(
      { userId, skuId, disabledServicePlanIds: draft.off.filter((id) => ids.includes(id)) },
      {
        onSuccess: () => {
          onDone(t(`${way}.done`, words));
        },
      },
    );
  }

  return (
    <ActionDialog
      title={t(`${way}.title`, words)}
      action={t(`${way}.action`)}
      isReady={(license !== undefined || choices.length > 0) && !isReceived && !isTakenBack}
      isWorking={put.isPending}
      error={put.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <MeanwhileNote
        ended={(isReceived && t('assign.received', words)) || (isTakenBack && t('change.takenBack', words))}
        taken={taken.map((field) => fields[field])}
        disputed={disputed.map((field) => fields[field])}
      />
      {license === undefined && choices.length === 0 && <Text>{t('assign.nothingLeft')}</Text>}
      {license === undefined && choices.length > 0 && (
        <Field
          label={t('assign.product')}
          {...(product !== undefined && {
            hint: t('assign.available', {
              count: product.availableLicenses,
              number: number(product.availableLicenses),
            }),
          })}
          {...(isTried &&
            product === undefined && { validationState: 'error', validationMessage: t('assign.chooseFault') })}
        >
          <Select
            value={skuId}
            onChange={(_event, { value }) => {
              setSkuId(value);
              setDraft({ off: [] });
            }}
          >
            <option value="">{t('assign.choose')}</option>
            {choices.map(({ skuId: id, displayName, availableLicenses }) => (
              // The chosen one stays chosen when its last license goes: the service then says so.
              <option key={id} value={id} disabled={availableLicenses === 0 && id !== skuId}>
                {availableLicenses === 0 ? t('assign.noneLeft', { product: displayName }) : displayName}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {product !== undefined && (
        <ServiceChoice
          productName={product.displayName}
          plans={product.servicePlans}
          off={draft.off}
          onChange={(off) => {
            setDraft({ off });
          }}
        />
      )}
    </ActionDialog>
  );
}
