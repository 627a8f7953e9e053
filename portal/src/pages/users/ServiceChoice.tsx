/** Check boxes for what is inside a product: all at once, or one by one. */
import { Checkbox, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { ServicePlan } from '../../api/products';
import { useFormat } from '../../i18n/format';

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column' },
  plans: {
    display: 'flex',
    flexDirection: 'column',
    maxHeight: '300px',
    overflowY: 'auto',
    paddingInlineStart: tokens.spacingHorizontalL,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

interface ServiceChoiceProps {
  plans: readonly ServicePlan[];
  /** The ids of those that are off. */
  off: readonly string[];
  onChange: (off: readonly string[]) => void;
}

export function ServiceChoice({ plans, off, onChange }: ServiceChoiceProps) {
  const styles = useStyles();
  const { t } = useTranslation('users');
  const { number } = useFormat();
  const offHere = plans.filter(({ servicePlanId }) => off.includes(servicePlanId)).length;
  const on = plans.length - offHere;
  return (
    <div className={styles.all} role="group" aria-label={t('services')}>
      <Checkbox
        label={t('choice', { on: number(on), count: plans.length, number: number(plans.length) })}
        checked={offHere === 0 ? true : on === 0 ? false : 'mixed'}
        onChange={(_event, { checked }) => {
          onChange(checked === true ? [] : plans.map(({ servicePlanId }) => servicePlanId));
        }}
      />
      <div className={styles.plans}>
        {plans.map(({ servicePlanId, displayName }) => (
          <Checkbox
            key={servicePlanId}
            label={displayName}
            checked={!off.includes(servicePlanId)}
            onChange={(_event, { checked }) => {
              onChange(checked === true ? off.filter((id) => id !== servicePlanId) : [...off, servicePlanId]);
            }}
          />
        ))}
      </div>
    </div>
  );
}
