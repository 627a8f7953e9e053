/** The total, the chart, and the table of the same numbers. */
import { makeStyles, Skeleton, SkeletonItem, Text, tokens, typographyStyles } from '@fluentui/react-components';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Report } from '../../api/reports';
import { useFormat } from '../../i18n/format';
import { CHART_PIXELS } from './chartHeight';
import type { Daily } from './daily';
import { DaysTable } from './DaysTable';
import { Section } from './Section';

const DailyChart = lazy(async () => ({ default: (await import('./DailyChart')).DailyChart }));

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    minWidth: 0,
    padding: '20px 24px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    '@media (max-width: 480px)': { padding: '16px 12px' },
  },
  sum: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: `0 ${tokens.spacingHorizontalM}`,
    margin: 0,
  },
  total: { ...typographyStyles.title1, fontVariantNumeric: 'tabular-nums' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function Overview({ report, daily }: { report: Report; daily: Daily }) {
  const styles = useStyles();
  const { t } = useTranslation('report');
  const { day, moment, number } = useFormat();
  return (
    <>
      <div className={styles.card}>
        <div>
          <p className={styles.sum}>
            <span className={styles.total}>{number(daily.total)}</span>{' '}
            <Text size={400}>{t('claimed', { count: daily.total })}</Text>
          </p>
          <Text size={200} className={styles.quiet} block>
            {report.from === report.to
              ? t('oneDay', { day: day(report.to), at: moment(report.generatedAt) })
              : t('span', { from: day(report.from), to: day(report.to), at: moment(report.generatedAt) })}
          </Text>
        </div>
        <Suspense fallback={<ChartLoading />}>
          <DailyChart daily={daily} />
        </Suspense>
      </div>
      <Section id="report-days" title={t('days')}>
        <DaysTable daily={daily} labelledBy="report-days" />
      </Section>
    </>
  );
}

function ChartLoading() {
  const { t } = useTranslation('common');
  return (
    <Skeleton aria-label={t('loading')}>
      <SkeletonItem size={20} style={{ marginBottom: tokens.spacingVerticalL }} />
      <SkeletonItem style={{ height: `${CHART_PIXELS.toString()}px` }} />
    </Skeleton>
  );
}
