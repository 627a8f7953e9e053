/** Adds a product: one of those that are known, with all that is inside; or another, described by hand. */
import { Field, Input, Radio, RadioGroup, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Product, usePutProduct } from '../../../api/products';
import { Columns, Fact, Facts } from '../../../components/Facts';
import { ActionDialog } from '../../../components/ActionDialog';
import { ScrollBox } from '../../../components/ScrollBox';
import { useFormat } from '../../../i18n/format';
import knownProducts from './knownProducts.json';
import { emptyPlan, faultsOf, type ProductDraft, TOTAL_MAX, writeOf } from './product';
import { ProductFields } from './ProductFields';

type Way = 'known' | 'own';

interface AddProductDialogProps {
  /** What the organisation has. */
  products: readonly Product[];
  onDone: (text: string) => void;
  onClose: () => void;
}

const NOTHING: ProductDraft = {
  skuId: '',
  skuPartNumber: '',
  displayName: '',
  total: '',
  servicePlans: [emptyPlan()],
};

export function AddProductDialog({ products, onDone, onClose }: AddProductDialogProps) {
  const { t } = useTranslation('products');
  const { number } = useFormat();
  const put = usePutProduct();
  const [way, setWay] = useState<Way>('known');
  const [chosen, setChosen] = useState('');
  const [draft, setDraft] = useState(NOTHING);
  const [isTried, setTried] = useState(false);

  const taken = products.map(({ skuId }) => skuId);
  const known = knownProducts.find(({ skuId }) => skuId === chosen);
  const whole = way === 'own' ? draft : { ...NOTHING, ...known, total: draft.total };
  const faults = faultsOf(whole, taken);
  const seen = isTried ? faults : {};

  function submit(): void {
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    put.mutate(writeOf(whole), {
      onSuccess: ({ displayName }) => {
        onDone(t('add.done', { product: displayName }));
      },
    });
  }

  return (
    <ActionDialog
      title={t('add.title')}
      action={t('add.action')}
      isWorking={put.isPending}
      error={put.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t('add.which')}>
        <RadioGroup
          value={way}
          onChange={(_event, { value }) => {
            setWay(value as Way);
            setTried(false);
          }}
        >
          <Radio value="known" label={t('add.known')} />
          <Radio value="own" label={t('add.own')} />
        </RadioGroup>
      </Field>
      {way === 'known' ? (
        <>
          <Field
            label={t('product')}
            {...(seen.skuId !== undefined && { validationState: 'error', validationMessage: t('add.chooseFault') })}
          >
            <Select
              value={chosen}
              onChange={(_event, { value }) => {
                setChosen(value);
              }}
            >
              <option value="">{t('add.choose')}</option>
              {knownProducts.map(({ skuId, displayName }) => (
                <option key={skuId} value={skuId} disabled={taken.includes(skuId)}>
                  {taken.includes(skuId) ? t('add.have', { product: displayName }) : displayName}
                </option>
              ))}
            </Select>
          </Field>
          <Field
            label={t('total')}
            hint={t('add.totalHint')}
            {...(seen.total !== undefined && {
              validationState: 'error',
              validationMessage: t('totalFault', { max: number(TOTAL_MAX) }),
            })}
          >
            <Input
              type="number"
              inputMode="numeric"
              min={0}
              max={TOTAL_MAX}
              value={draft.total}
              onChange={(_event, { value }) => {
                setDraft({ ...draft, total: value });
              }}
            />
          </Field>
          {known !== undefined && (
            <ScrollBox label={t('inside')}>
              <Facts>
                <Fact name={t('skuId')}>{known.skuId}</Fact>
                <Fact name={t('partNumber')}>{known.skuPartNumber}</Fact>
              </Facts>
              <Columns items={known.servicePlans.map((plan) => ({ id: plan.servicePlanId, text: plan.displayName }))} />
            </ScrollBox>
          )}
        </>
      ) : (
        <ProductFields draft={draft} faults={seen} onChange={setDraft} />
      )}
    </ActionDialog>
  );
}
