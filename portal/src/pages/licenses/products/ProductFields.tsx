/** The fields of a product that is described by hand. */
import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { AddRegular, DeleteRegular } from '@fluentui/react-icons';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServicePlan } from '../../../api/products';
import { useFormat } from '../../../i18n/format';
import { emptyPlan, PLANS_MAX, type ProductDraft, type ProductFaults, TOTAL_MAX } from './product';

const useStyles = makeStyles({
  plans: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  plan: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) auto',
    alignItems: 'end',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    '@media (max-width: 480px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  id: { gridColumn: '1 / 3', '@media (max-width: 480px)': { gridColumn: 'auto' } },
  remove: { justifySelf: 'end' },
  more: { alignSelf: 'flex-start' },
  fault: { color: tokens.colorPaletteRedForeground1 },
});

interface ProductFieldsProps {
  draft: ProductDraft;
  faults: ProductFaults;
  /** An id cannot be changed, and licenses are bought elsewhere. */
  isExisting?: boolean;
  onChange: (draft: ProductDraft) => void;
}

export function ProductFields({ draft, faults, isExisting = false, onChange }: ProductFieldsProps) {
  const { t } = useTranslation('products');
  const { number } = useFormat();
  const field = (key: 'displayName' | 'skuPartNumber' | 'skuId' | 'total') => ({
    value: draft[key],
    onChange: (_event: unknown, { value }: { value: string }) => {
      onChange({ ...draft, [key]: value });
    },
  });
  const fault = (message: string | false) =>
    message !== false && ({ validationState: 'error', validationMessage: message } as const);
  const nameFault = t('nameFault');

  return (
    <>
      <Field label={t('name')} {...fault(faults.displayName !== undefined && nameFault)}>
        <Input {...field('displayName')} />
      </Field>
      <Field
        label={t('partNumber')}
        hint={t('partNumberHint')}
        {...fault(faults.skuPartNumber !== undefined && nameFault)}
      >
        <Input {...field('skuPartNumber')} autoComplete="off" />
      </Field>
      {!isExisting && (
        <>
          <Field
            label={t('skuId')}
            hint={t('guidHint')}
            {...fault(faults.skuId !== undefined && t(`idFault.${faults.skuId}`))}
          >
            <Input {...field('skuId')} autoComplete="off" />
          </Field>
          <Field
            label={t('total')}
            hint={t('add.totalHint')}
            {...fault(faults.total !== undefined && t('totalFault', { max: number(TOTAL_MAX) }))}
          >
            <Input type="number" inputMode="numeric" min={0} max={TOTAL_MAX} {...field('total')} />
          </Field>
        </>
      )}
      <Plans
        plans={draft.servicePlans}
        fault={faults.servicePlans}
        onChange={(servicePlans) => {
          onChange({ ...draft, servicePlans });
        }}
      />
    </>
  );
}

interface PlansProps {
  plans: readonly ServicePlan[];
  fault: ProductFaults['servicePlans'];
  onChange: (plans: ServicePlan[]) => void;
}

function Plans({ plans, fault, onChange }: PlansProps) {
  const styles = useStyles();
  const { t } = useTranslation('products');
  const heading = useId();
  return (
    <div className={styles.plans} role="group" aria-labelledby={heading}>
      <Text id={heading} weight="semibold">
        {t('inside')}
      </Text>
      {plans.map((plan, place) => (
        // A plan being typed has nothing of its own but its place.
        <div key={place} className={styles.plan} role="group" aria-label={t('plan.number', { number: place + 1 })}>
          {(['displayName', 'servicePlanName', 'servicePlanId'] as const).map((key) => (
            <Field key={key} label={t(`plan.${key}`)} className={key === 'servicePlanId' ? styles.id : ''}>
              <Input
                value={plan[key]}
                autoComplete="off"
                onChange={(_event, { value }) => {
                  onChange(plans.map((other, at) => (at === place ? { ...other, [key]: value } : other)));
                }}
              />
            </Field>
          ))}
          <Button
            className={styles.remove}
            appearance="subtle"
            icon={<DeleteRegular />}
            disabled={plans.length === 1}
            aria-label={t('plan.remove', { number: place + 1 })}
            onClick={() => {
              onChange(plans.filter((_plan, at) => at !== place));
            }}
          />
        </div>
      ))}
      {fault !== undefined && (
        <Text role="alert" className={styles.fault}>
          {t(`plan.fault.${fault}`)}
        </Text>
      )}
      {plans.length < PLANS_MAX && (
        <Button
          className={styles.more}
          icon={<AddRegular />}
          onClick={() => {
            onChange([...plans, emptyPlan()]);
          }}
        >
          {t('plan.add')}
        </Button>
      )}
    </div>
  );
}
