import { makeStyles, Text, Title2 } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Themed } from './Themed';

const useStyles = makeStyles({
  page: {
    maxWidth: '480px',
    margin: '0 auto',
    minHeight: '100dvh',
    boxSizing: 'border-box',
    alignContent: 'start',
    padding: '20vh 24px',
    display: 'grid',
    gap: '12px',
  },
});

/** For a site whose configuration cannot be read. */
export function StartFailed({ reason }: { reason: string }) {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  return (
    <Themed>
      <main className={styles.page}>
        <Title2 as="h1">{t('startFailed.title')}</Title2>
        <Text>{t('startFailed.text', { reason })}</Text>
      </main>
    </Themed>
  );
}
