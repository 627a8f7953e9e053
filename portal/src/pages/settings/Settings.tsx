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
import { PageHeader } from '../../components/PageHeader';
import { SettingNote, type SettingResult } from '../../components/SettingNote';
import { TurnSettingDialog } from '../../components/TurnSettingDialog';
import { Waiting } from '../../components/Waiting';
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
  const [result, setResult] = useState<SettingResult>();

  if (settings.data === undefined || me.data === undefined) {
    return <Waiting queries={[settings, me]} rows={2} />;
  }
  const mayManage = me.data.rights.includes('manage');

  return (
    <>
      <div>
        <Switch
          className={styles.switch}
          label={t('switch')}
          checked={settings.data.autoClaimEnabled}
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
        </div>
        <SettingNote result={result} settings={settings.data} className={styles.note} />
      </div>
      {isAsking && (
        <TurnSettingDialog
          settings={settings.data}
          onClose={() => {
            setAsking(false);
          }}
          onDone={(done) => {
            setAsking(false);
            setResult(done);
          }}
        />
      )}
    </>
  );
}
