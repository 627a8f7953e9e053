/** How far claims are rolled up into the reports' daily counts. The shortest report tells it too. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useReport } from '../../api/reports';
import { ErrorNote } from '../../components/ErrorNote';
import { Fact, Facts } from '../../components/Facts';
import { LoadingRows } from '../../components/LoadingRows';
import { useFormat } from '../../i18n/format';
import { Card } from './Card';

const useStyles = makeStyles({ note: { color: tokens.colorNeutralForeground2 } });

export function RollUpCard() {
  const styles = useStyles();
  const { t } = useTranslation('health');
  const { moment, number } = useFormat();
  const { data, error, refetch } = useReport(1);
  return (
    <Card id="health-reports" title={t('reports.title')}>
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <LoadingRows rows={2} />}
      {data !== undefined && (
        <>
          <Facts>
            <Fact name={t('reports.rolledUpTo')}>
              {data.rolledUpTo === undefined ? t('reports.never') : moment(data.rolledUpTo)}
            </Fact>
            <Fact name={t('reports.today')}>{number(data.totalClaims)}</Fact>
          </Facts>
          <Text className={styles.note}>{t('reports.note')}</Text>
        </>
      )}
    </Card>
  );
}
