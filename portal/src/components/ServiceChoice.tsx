/** Check boxes for what is inside a product: all at once or one by one, with a search where there are many. */
import { Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServicePlan } from '../api/products';
import { useFormat } from '../i18n/format';
import { SearchField } from './SearchField';

/** From this many on, there is a field to search in them. */
const SEARCHED_FROM = 12;

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  top: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'space-between' },
  quiet: { color: tokens.colorNeutralForeground3 },
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 320px), 1fr))',
    alignItems: 'start',
    columnGap: tokens.spacingHorizontalL,
    margin: 0,
    padding: 0,
    border: 'none',
    minWidth: 0,
  },
  name: { overflowWrap: 'anywhere' },
  reason: { display: 'block', color: tokens.colorNeutralForeground3 },
});

interface ServiceChoiceProps {
  /** Whose they are. */
  productName: string;
  plans: readonly ServicePlan[];
  /** The ids of those that are off. */
  off: readonly string[];
  /** The one that has to stay on, and why. */
  needed?: { id: string; reason: string };
  onChange: (off: string[]) => void;
}

export function ServiceChoice({ productName, plans, off, needed, onChange }: ServiceChoiceProps) {
  const styles = useStyles();
  const { t, i18n } = useTranslation('common');
  const { number } = useFormat();
  const [text, setText] = useState('');
  const wanted = text.trim().toLocaleLowerCase();
  const found = plans
    .filter(({ displayName }) => displayName.toLocaleLowerCase().includes(wanted))
    .sort((one, other) => one.displayName.localeCompare(other.displayName, i18n.language));
  const on = plans.filter(({ servicePlanId }) => !off.includes(servicePlanId));
  const canTurnOff = on.filter(({ servicePlanId }) => servicePlanId !== needed?.id);

  return (
    <div className={styles.all}>
      {plans.length >= SEARCHED_FROM && <SearchField label={t('services.search')} value={text} onChange={setText} />}
      <div className={styles.top}>
        <Checkbox
          label={t('services.all')}
          checked={on.length === plans.length ? true : canTurnOff.length === 0 ? false : 'mixed'}
          onChange={(_event, { checked }) => {
            onChange(checked === true ? [] : plans.map(({ servicePlanId }) => servicePlanId));
          }}
        />
        <Text role="status" size={200} className={styles.quiet}>
          {t('services.count', { on: number(on.length), all: number(plans.length) })}
        </Text>
      </div>
      <fieldset className={styles.list} aria-label={t('services.list', { product: productName })}>
        {found.map(({ servicePlanId, displayName }) => {
          const reason = servicePlanId === needed?.id ? needed.reason : undefined;
          return (
            <Checkbox
              key={servicePlanId}
              label={
                <span className={styles.name}>
                  {displayName}
                  {reason !== undefined && (
                    <Text size={200} className={styles.reason}>
                      {reason}
                    </Text>
                  )}
                </span>
              }
              checked={!off.includes(servicePlanId)}
              disabled={reason !== undefined}
              onChange={(_event, { checked }) => {
                onChange(checked === true ? off.filter((id) => id !== servicePlanId) : [...off, servicePlanId]);
              }}
            />
          );
        })}
      </fieldset>
      {found.length === 0 && <Text className={styles.quiet}>{t('services.noneFound')}</Text>}
    </div>
  );
}
