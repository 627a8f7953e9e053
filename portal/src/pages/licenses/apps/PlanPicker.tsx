/** Chooses the services that license an app: among those of the organisation's products, or another by its id. */
import { Button, Checkbox, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isGuid } from '../../../api/idsAndNames';
import { licenses, type Product } from '../../../api/products';
import { ScrollBox } from '../../../components/ScrollBox';
import { SearchField } from '../../../components/SearchField';
import { useFormat } from '../../../i18n/format';

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  plans: { display: 'flex', flexDirection: 'column' },
  search: { maxWidth: '100%' },
  other: { display: 'flex', alignItems: 'flex-start', gap: tokens.spacingHorizontalS },
  id: { flexGrow: 1 },
  // In line with the field beside it, below that field's label.
  add: { flexShrink: 0, marginTop: '26px' },
  fault: { color: tokens.colorPaletteRedForeground1 },
  summary: { color: tokens.colorNeutralForeground2 },
});

interface PlanPickerProps {
  chosen: readonly string[];
  planNames: ReadonlyMap<string, string>;
  products: readonly Product[];
  fault: string | false;
  onChange: (chosen: readonly string[]) => void;
}

export function PlanPicker({ chosen, planNames, products, fault, onChange }: PlanPickerProps) {
  const styles = useStyles();
  const { t, i18n } = useTranslation('apps');
  const { number } = useFormat();
  const heading = useId();
  const [filter, setFilter] = useState('');
  const [other, setOther] = useState('');
  const [isWrong, setWrong] = useState(false);
  // Those that were chosen at first, or by their id, stay in the list when they are not chosen any more.
  const [named, setNamed] = useState(chosen);

  const wanted = filter.trim().toLocaleLowerCase();
  const plans = [...new Set([...named, ...planNames.keys()])]
    .map((id) => ({ id, name: planNames.get(id) ?? t('unknownPlan', { id }) }))
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
    .sort((one, two) => one.name.localeCompare(two.name, i18n.language));
  const licensing = products.filter((product) => licenses(product, { servicePlanIds: chosen })).length;

  function addOther(): void {
    const id = other.trim().toLowerCase();
    setWrong(!isGuid(id));
    if (!isGuid(id)) return;
    setNamed([...new Set([...named, id])]);
    onChange([...new Set([...chosen, id])]);
    setOther('');
    setFilter('');
  }

  return (
    <div className={styles.all} role="group" aria-labelledby={heading}>
      <Text id={heading}>{t('plans')}</Text>
      <SearchField className={styles.search} label={t('filterPlans')} value={filter} onChange={setFilter} />
      <ScrollBox label={t('plans')}>
        {plans.length === 0 ? (
          <Text>{t('noPlans')}</Text>
        ) : (
          <div className={styles.plans}>
            {plans.map(({ id, name }) => (
              <Checkbox
                key={id}
                label={name}
                checked={chosen.includes(id)}
                onChange={(_event, { checked }) => {
                  onChange(checked === true ? [...chosen, id] : chosen.filter((one) => one !== id));
                }}
              />
            ))}
          </div>
        )}
      </ScrollBox>
      <div className={styles.other}>
        <Field
          className={styles.id}
          label={t('otherPlan')}
          {...(isWrong && { validationState: 'error', validationMessage: t('otherPlanFault') })}
        >
          <Input
            value={other}
            autoComplete="off"
            onChange={(_event, { value }) => {
              setOther(value);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              // Enter is for this field, not for the whole form.
              event.preventDefault();
              addOther();
            }}
          />
        </Field>
        <Button className={styles.add} onClick={addOther}>
          {t('otherPlanAdd')}
        </Button>
      </div>
      {fault !== false && (
        <Text role="alert" className={styles.fault}>
          {fault}
        </Text>
      )}
      <Text role="status" size={200} className={styles.summary}>
        {chosen.length === 0
          ? ''
          : t('chosen', {
              plans: number(chosen.length),
              count: licensing,
              products: number(licensing),
            })}
      </Text>
    </div>
  );
}
