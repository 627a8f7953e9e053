/** What a manager can do with the product or the app that a row is about, or why it cannot be deleted. */
import { Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useMayManage } from '../../api/me';

const useStyles = makeStyles({
  all: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  reason: { color: tokens.colorNeutralForeground3 },
});

interface EditOrDeleteProps {
  /** Why it cannot be deleted, where it cannot. */
  neededFor: string | undefined;
  onAsk: (kind: 'edit' | 'delete') => void;
}

export function EditOrDelete({ neededFor, onAsk }: EditOrDeleteProps) {
  const styles = useStyles();
  const { t } = useTranslation('common');
  const restoreFocus = useRestoreFocusTarget();
  if (!useMayManage()) return null;
  return (
    <div className={styles.all}>
      <Button
        {...restoreFocus}
        onClick={() => {
          onAsk('edit');
        }}
      >
        {t('edit')}
      </Button>
      {neededFor === undefined ? (
        <Button
          {...restoreFocus}
          onClick={() => {
            onAsk('delete');
          }}
        >
          {t('delete')}
        </Button>
      ) : (
        <Text size={200} className={styles.reason}>
          {neededFor}
        </Text>
      )}
    </div>
  );
}
