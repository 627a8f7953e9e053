/** Whether a policy grants licenses now. One that is on does not while the organisation's setting is off. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled, PauseCircleRegular, WarningRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';

const useStyles = makeStyles({
  all: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  icon: { flexShrink: 0, fontSize: '16px', color: tokens.colorNeutralForeground3 },
  on: { color: tokens.colorStatusSuccessForeground1 },
  waiting: { color: tokens.colorStatusWarningForeground1 },
});

export function PolicyStatus({ isOn, isSettingOn }: { isOn: boolean; isSettingOn: boolean }) {
  const styles = useStyles();
  const { t } = useTranslation('common');
  if (!isOn) {
    return (
      <span className={styles.all}>
        <PauseCircleRegular className={styles.icon} aria-hidden="true" />
        {t('policyOff')}
      </span>
    );
  }
  return isSettingOn ? (
    <span className={styles.all}>
      <CheckmarkCircleFilled className={mergeClasses(styles.icon, styles.on)} aria-hidden="true" />
      {t('policyOn')}
    </span>
  ) : (
    <span className={styles.all}>
      <WarningRegular className={mergeClasses(styles.icon, styles.waiting)} aria-hidden="true" />
      {t('policyWaiting')}
    </span>
  );
}
