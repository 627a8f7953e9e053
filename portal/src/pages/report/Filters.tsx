/** Of when, and of which policy. */
import { Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { type Period, PERIODS, type PolicyReport } from '../../api/reports';
import type { ReportFilter } from './filter';

const useStyles = makeStyles({
  all: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    marginBottom: tokens.spacingVerticalXL,
  },
  period: { minWidth: '180px' },
  policy: { flexGrow: 1, maxWidth: '360px', minWidth: 0 },
});

interface FiltersProps {
  filter: ReportFilter;
  policies: readonly PolicyReport[];
  onChoose: (change: Partial<ReportFilter>) => void;
}

export function Filters({ filter, policies, onChoose }: FiltersProps) {
  const styles = useStyles();
  const { t } = useTranslation('report');
  const isKnown = policies.some(({ policyId }) => policyId === filter.policyId);
  return (
    <div className={styles.all}>
      <Field label={t('period')} className={styles.period}>
        <Select
          value={filter.period.toString()}
          onChange={(_event, { value }) => {
            onChoose({ period: Number(value) as Period });
          }}
        >
          {PERIODS.map((period) => (
            <option key={period} value={period.toString()}>
              {t('past', { count: period })}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('policy')} className={styles.policy}>
        <Select
          value={filter.policyId ?? ''}
          onChange={(_event, { value }) => {
            onChoose({ policyId: value === '' ? undefined : value });
          }}
        >
          <option value="">{t('allPolicies')}</option>
          {policies.map((policy) => (
            <option key={policy.policyId} value={policy.policyId}>
              {policy.deleted ? t('deletedPolicy', { name: policy.policyName }) : policy.policyName}
            </option>
          ))}
          {filter.policyId !== undefined && !isKnown && <option value={filter.policyId}>{t('unknownPolicy')}</option>}
        </Select>
      </Field>
    </div>
  );
}
