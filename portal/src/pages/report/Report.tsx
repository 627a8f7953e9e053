/** Which licenses users claimed: by day and product, and by whom. */
import { makeStyles, MessageBar, MessageBarBody, tokens } from '@fluentui/react-components';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Report as ReportAnswer, useReport } from '../../api/reports';
import { ErrorNote } from '../../components/ErrorNote';
import { LoadingRows } from '../../components/LoadingRows';
import { PageHeader } from '../../components/PageHeader';
import { ClaimedLicenses } from './ClaimedLicenses';
import { dailyClaims } from './daily';
import { Download, fileName, useDownload } from './Download';
import { type ReportFilter, useReportFilter } from './filter';
import { Filters } from './Filters';
import { NoClaims } from './NoClaims';
import { Overview } from './Overview';
import { Section } from './Section';

const useStyles = makeStyles({
  all: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXXL,
    transitionProperty: 'opacity',
    transitionDuration: tokens.durationNormal,
  },
  // What is shown is still of the filter before.
  old: { opacity: 0.5 },
  note: { marginBottom: tokens.spacingVerticalL },
});

export function Report() {
  const styles = useStyles();
  const { t } = useTranslation('report');
  const [filter, choose] = useReportFilter();
  const report = useReport(filter.period);
  const policies = report.data?.policies ?? [];
  const policy = policies.find(({ policyId }) => policyId === filter.policyId);
  const name = fileName(filter.period, report.data?.to ?? '', policy?.policyName);
  const { period, policyId } = filter;
  const download = useDownload({ period, ...(policyId !== undefined && { policyId }) }, name);
  const hasRows = (policyId === undefined ? report.data : policy)?.totalClaims ?? 0;

  return (
    <>
      <PageHeader title={t('title')} description={t('description')}>
        {hasRows > 0 && <Download download={download} />}
      </PageHeader>
      <Filters
        filter={filter}
        policies={policies}
        onChoose={(change) => {
          download.reset();
          choose(change);
        }}
      />
      <div role="status">
        {download.isSuccess && (
          <MessageBar intent="success" className={styles.note}>
            <MessageBarBody>{t('downloaded', { name })}</MessageBarBody>
          </MessageBar>
        )}
      </div>
      {download.error !== null && (
        <div className={styles.note}>
          <ErrorNote error={download.error} onRetry={download.start} />
        </div>
      )}
      {report.error !== null && (
        <div className={styles.note}>
          <ErrorNote error={report.error} onRetry={() => void report.refetch()} />
        </div>
      )}
      {report.isPending && <LoadingRows rows={10} />}
      {report.data !== undefined && (
        <div
          className={`${styles.all} ${report.isPlaceholderData ? styles.old : ''}`}
          aria-busy={report.isPlaceholderData}
        >
          <Numbers report={report.data} filter={filter} onChoose={choose} />
        </div>
      )}
    </>
  );
}

interface NumbersProps {
  report: ReportAnswer;
  filter: ReportFilter;
  onChoose: (change: Partial<ReportFilter>) => void;
}

function Numbers({ report, filter, onChoose }: NumbersProps) {
  const { t } = useTranslation('report');
  const { period, policyId } = filter;
  const daily = useMemo(() => dailyClaims(report.policies, policyId), [report.policies, policyId]);
  if (daily.total === 0) return <NoClaims report={report} filter={filter} onChoose={onChoose} />;
  return (
    <>
      <Overview report={report} daily={daily} />
      <Section id="report-users" title={t('users')}>
        <ClaimedLicenses
          key={`${period.toString()} ${policyId ?? ''}`}
          filter={{ period, ...(policyId !== undefined && { policyId }) }}
          total={daily.total}
        />
      </Section>
    </>
  );
}
