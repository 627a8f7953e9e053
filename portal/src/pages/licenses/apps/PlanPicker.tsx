/** Chooses the services that license an app: among those of the organisation's products, or another by its id. */
import { Button, Checkbox, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isGuid } from '../../../api/idsAndNames';
import { ScrollBox } from '../../../components/ScrollBox';
import { SearchField } from '../../../components/SearchField';
import { useFormat } from '../../../i18n/format';
import { type ProductsByPlan, productsWith } from './app';

/** Check boxes for services that are not chosen: an organisation's products can have 60,000. */
const SHOWN_MAX = 100;

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
  byPlan: ProductsByPlan;
  fault: string | false;
  onChange: (chosen: readonly string[]) => void;
}

export function PlanPicker({ chosen, planNames, byPlan, fault, onChange }: PlanPickerProps) {
  const styles = useStyles();
  const { t, i18n } = useTranslation('apps');
  const { number } = useFormat();
  const heading = useId();
  const [filter, setFilter] = useState('');
  const [other, setOther] = useState('');
  const [isWrong, setWrong] = useState(false);
  // Those that were chosen, here or by another administrator, stay in the list when they are not chosen any more.
  const [named, setNamed] = useState<ReadonlySet<string>>(() => new Set(chosen));
  if (!chosen.every((id) => named.has(id))) setNamed(new Set([...named, ...chosen]));

  const plans = useMemo(() => {
    const { compare } = new Intl.Collator(i18n.language);
    return [...new Set([...named, ...planNames.keys()])]
      .map((id) => ({ id, name: planNames.get(id) ?? t('unknownPlan', { id }) }))
      .sort((one, two) => compare(one.name, two.name));
  }, [named, planNames, t, i18n.language]);
  const wanted = filter.trim().toLocaleLowerCase();
  const found = plans.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  const shown = found.filter(({ id }, place) => place < SHOWN_MAX || named.has(id));
  const more = found.length - shown.length;
  const licensing = productsWith(chosen, byPlan).size;

  function addOther(): void {
    const id = other.trim().toLowerCase();
    setWrong(!isGuid(id));
    if (!isGuid(id)) return;
    onChange([...new Set([...chosen, id])]);
    setOther('');
    setFilter('');
  }

  return (
    <div className={styles.all} role="group" aria-labelledby={heading}>
      <Text id={heading}>{t('plans')}</Text>
      <SearchField className={styles.search} label={t('filterPlans')} value={filter} onChange={setFilter} />
      <ScrollBox label={t('plans')}>
        {shown.length === 0 ? (
          <Text>{t('noPlans')}</Text>
        ) : (
          <div className={styles.plans}>
            {shown.map(({ id, name }) => (
              <Checkbox
                key={id}
                label={name}
                checked={chosen.includes(id)}
                onChange={(_event, { checked }) => {
                  onChange(checked === true ? [...chosen, id] : chosen.filter((one) => one !== id));
                }}
              />
            ))}
            {more > 0 && (
              <Text size={200} className={styles.summary}>
                {t('morePlans', { count: more, number: number(more) })}
              </Text>
            )}
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
