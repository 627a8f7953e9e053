/** While the organisation's setting is off no policy can be created: says so from the first page on, not at the last. */
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSettings } from '../../../../api/settings';
import { TurnSettingDialog } from '../../../../components/TurnSettingDialog';

const useStyles = makeStyles({ bar: { marginBottom: tokens.spacingVerticalXXL } });

export function SettingBar() {
  const styles = useStyles();
  const { t } = useTranslation(['wizard', 'settings']);
  const { data } = useSettings();
  const restoreFocus = useRestoreFocusTarget();
  const [isAsking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
  };
  return (
    <>
      <div role="status">
        {data?.autoClaimEnabled === false && (
          <MessageBar intent="warning" layout="multiline" className={styles.bar}>
            <MessageBarBody>{t('settingOff')}</MessageBarBody>
            <MessageBarActions>
              <Button
                {...restoreFocus}
                onClick={() => {
                  setAsking(true);
                }}
              >
                {t('settings:turnOn.action')}
              </Button>
            </MessageBarActions>
          </MessageBar>
        )}
      </div>
      {isAsking && data !== undefined && <TurnSettingDialog settings={data} onDone={close} onClose={close} />}
    </>
  );
}
