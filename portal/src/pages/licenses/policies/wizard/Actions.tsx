/** The way back, on, and out. */
import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { ActionLink } from '../../../../components/ActionLink';

const useStyles = makeStyles({
  all: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    paddingTop: tokens.spacingVerticalXL,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  out: { marginLeft: 'auto' },
});

interface ActionsProps {
  isFirst: boolean;
  isLast: boolean;
  isWorking: boolean;
  onBack: () => void;
}

/** In the wizard's form: the primary button submits it, as the Enter key does. */
export function Actions({ isFirst, isLast, isWorking, onBack }: ActionsProps) {
  const styles = useStyles();
  const { t } = useTranslation(['wizard', 'common']);
  return (
    <div className={styles.all}>
      {!isFirst && (
        <Button disabledFocusable={isWorking} onClick={onBack}>
          {t('back')}
        </Button>
      )}
      <Button
        type="submit"
        appearance="primary"
        disabledFocusable={isWorking}
        {...(isWorking && { icon: <Spinner size="tiny" /> })}
      >
        {isLast ? t('create') : t('next')}
      </Button>
      <span className={styles.out}>
        <ActionLink appearance="subtle" to="/licenses/policies">
          {t('common:cancel')}
        </ActionLink>
      </span>
    </div>
  );
}
