/** The check of integrity, for managers; for readers, why they have none. */
import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntegrityProgress } from '../../api/health';
import { useMe } from '../../api/me';
import { ErrorNote } from '../../components/ErrorNote';
import { Waiting } from '../../components/Waiting';
import { useFormat } from '../../i18n/format';
import { Card } from './Card';
import { Result } from './Result';
import { type Check, useCheck } from './useCheck';

const useStyles = makeStyles({
  note: { color: tokens.colorNeutralForeground2 },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  numbers: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

export function IntegrityCard() {
  const styles = useStyles();
  const { t } = useTranslation('health');
  const me = useMe();
  return (
    <Card id="health-integrity" title={t('integrity.title')}>
      <Text className={styles.note}>{t('integrity.text')}</Text>
      {me.data === undefined ? (
        <Waiting queries={[me]} rows={1} />
      ) : me.data.rights.includes('manage') ? (
        <IntegrityCheck />
      ) : (
        <Note>{t('integrity.readers')}</Note>
      )}
    </Card>
  );
}

function IntegrityCheck() {
  const styles = useStyles();
  const { t } = useTranslation('health');
  const check = useCheck();
  const isRunning = check.state === 'running';
  return (
    <>
      <div className={styles.line}>
        {/* One button, so that the focus stays on it. */}
        <Button appearance={isRunning ? 'secondary' : 'primary'} onClick={isRunning ? check.cancel : check.start}>
          {isRunning ? t('integrity.cancel') : check.state === 'none' ? t('integrity.start') : t('integrity.again')}
        </Button>
        {isRunning && <Spinner size="tiny" label={t('integrity.running')} />}
      </div>
      {check.progress !== undefined && <Numbers progress={check.progress} />}
      <div role="status">
        <Outcome check={check} />
      </div>
      {check.error !== null && <ErrorNote error={check.error} onRetry={check.start} />}
    </>
  );
}

function Numbers({ progress }: { progress: IntegrityProgress }) {
  const styles = useStyles();
  const { t } = useTranslation('health');
  const { number } = useFormat();
  return (
    <Text className={styles.numbers}>
      {t('integrity.numbers', {
        users: number(progress.users),
        licenses: number(progress.licenses),
        entries: number(progress.journalEntries),
      })}
    </Text>
  );
}

/** What is known once a check has ended: of one that was canceled or failed, as far as it came. */
function Outcome({ check: { state, progress } }: { check: Check }) {
  const { t } = useTranslation('health');
  if (state === 'none' || state === 'running') return null;
  // Why a check failed is told beside this.
  if (progress === undefined) return state === 'canceled' && <Note>{t('integrity.canceledAtOnce')}</Note>;
  if (state === 'complete' || progress.discrepancies.length > 0) return <Result progress={progress} />;
  return (
    <Note>
      {state === 'canceled' && t('integrity.canceled')} {t('integrity.wellSoFar')}
    </Note>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <MessageBar layout="multiline">
      <MessageBarBody>{children}</MessageBarBody>
    </MessageBar>
  );
}
