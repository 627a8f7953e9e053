/** What holds for the whole organisation: the switch that lets users claim at all. */
import {
  Divider,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Subtitle2,
  Switch,
  Text,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/me';
import { useSettings } from '../../api/settings';
import { ErrorNote } from '../../components/ErrorNote';
import { LoadingRows } from '../../components/LoadingRows';
import { PageHeader } from '../../components/PageHeader';
import { TurnSettingDialog } from '../../components/TurnSettingDialog';
import { TurningOff } from './TurningOff';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    maxWidth: '760px',
    padding: '24px 28px 28px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    '@media (max-width: 480px)': { padding: '16px' },
  },
  // The switch's own margins would push it out of line with the text above and below.
  switch: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})` },
  explanation: { color: tokens.colorNeutralForeground2 },
  note: { marginTop: tokens.spacingVerticalM },
});

type Result = 'turned' | 'stale';

export function Settings() {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <section className={styles.card} aria-labelledby="auto-claim">
        <Subtitle2 as="h2" id="auto-claim">
          {t('section')}
        </Subtitle2>
        <AutoClaim />
        <Divider />
        <TurningOff />
      </section>
    </>
  );
}

function AutoClaim() {
  const styles = useStyles();
  const { t } = useTranslation(['settings', 'common']);
  const settings = useSettings();
  const me = useMe();
  const restoreFocus = useRestoreFocusTarget();
  const [isAsking, setAsking] = useState(false);
  const [result, setResult] = useState<Result>();

  if (settings.data === undefined || me.data === undefined) {
    const error = settings.error ?? me.error;
    if (error === null) return <LoadingRows rows={2} />;
    return <ErrorNote error={error} onRetry={() => void Promise.all([settings.refetch(), me.refetch()])} />;
  }
  const isOn = settings.data.autoClaimEnabled;
  const mayManage = me.data.rights.includes('manage');

  return (
    <>
      <div>
        <Switch
          className={styles.switch}
          label={t('switch')}
          checked={isOn}
          disabled={!mayManage}
          {...restoreFocus}
          aria-describedby="auto-claim-explanation"
          onChange={() => {
            setAsking(true);
          }}
        />
        <Text id="auto-claim-explanation" className={styles.explanation} block>
          {t('explanation')}
        </Text>
        <div role="status">
          {!mayManage && (
            <MessageBar layout="multiline" className={styles.note}>
              <MessageBarBody>{t('common:readOnly')}</MessageBarBody>
            </MessageBar>
          )}
          {result !== undefined && (
            <MessageBar intent={result === 'turned' ? 'success' : 'warning'} layout="multiline" className={styles.note}>
              <MessageBarBody>{result === 'stale' ? t('stale') : isOn ? t('turnedOn') : t('turnedOff')}</MessageBarBody>
            </MessageBar>
          )}
        </div>
      </div>
      <TurnSettingDialog
        isOpen={isAsking}
        settings={settings.data}
        onClose={() => {
          setAsking(false);
        }}
        onDone={(done) => {
          setAsking(false);
          setResult(done);
        }}
      />
    </>
  );
}
