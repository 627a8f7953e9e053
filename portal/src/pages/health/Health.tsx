/** Whether all is well: the service, the reports' counts, and the organisation's data. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../components/PageHeader';
import { IntegrityCard } from './IntegrityCard';
import { RollUpCard } from './RollUpCard';
import { ServiceCard } from './ServiceCard';

const useStyles = makeStyles({
  all: { display: 'grid', gap: tokens.spacingVerticalL, maxWidth: '960px' },
  pair: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))',
    gap: tokens.spacingVerticalL,
  },
});

export function Health() {
  const styles = useStyles();
  const { t } = useTranslation('health');
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <div className={styles.all}>
        <div className={styles.pair}>
          <ServiceCard />
          <RollUpCard />
        </div>
        <IntegrityCard />
      </div>
    </>
  );
}
