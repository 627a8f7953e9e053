/** Nobody claimed, as far as the filter looks: why that may be, and where to look further. */
import { Button } from '@fluentui/react-components';
import { ChartMultipleRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { DEFAULT_PERIOD, type Report } from '../../api/reports';
import { EmptyState } from '../../components/EmptyState';
import type { ReportFilter } from './filter';

interface NoClaimsProps {
  report: Report;
  filter: ReportFilter;
  onChoose: (change: Partial<ReportFilter>) => void;
}

export function NoClaims({ report, filter, onChoose }: NoClaimsProps) {
  const { t } = useTranslation('report');
  const isFiltered = filter.policyId !== undefined;
  const isGone = isFiltered && !report.policies.some(({ policyId }) => policyId === filter.policyId);
  return (
    <EmptyState
      icon={<ChartMultipleRegular />}
      title={t('empty.title')}
      text={isGone ? t('empty.gone') : isFiltered ? t('empty.policy') : t('empty.text')}
    >
      {filter.period !== DEFAULT_PERIOD && (
        <Button
          appearance="primary"
          onClick={() => {
            onChoose({ period: DEFAULT_PERIOD });
          }}
        >
          {t('empty.longer', { count: DEFAULT_PERIOD })}
        </Button>
      )}
      {isFiltered && (
        <Button
          onClick={() => {
            onChoose({ policyId: undefined });
          }}
        >
          {t('empty.all')}
        </Button>
      )}
    </EmptyState>
  );
}
