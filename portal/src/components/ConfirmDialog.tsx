/**
 * Asks before something is done. Stays open while it is being done, and when it failed says so in itself.
 *
 * What opens it carries Fluent's `useRestoreFocusTarget()`, so that the focus comes back there.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from './ErrorNote';

const useStyles = makeStyles({
  content: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    marginBottom: tokens.spacingVerticalM,
  },
});

interface ConfirmDialogProps {
  isOpen: boolean;
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  /** The verb on the button. */
  action: string;
  isWorking?: boolean;
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, title, children, action, isWorking = false, error = null, onConfirm, onClose } = props;
  const styles = useStyles();
  const { t } = useTranslation('common');
  return (
    <Dialog
      open={isOpen}
      modalType="alert"
      onOpenChange={(_event, { open }) => {
        if (!open && !isWorking) onClose();
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <div>{children}</div>
            {error !== null && <ErrorNote error={error} />}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" disabledFocusable={isWorking} onClick={onConfirm}>
              {action}
            </Button>
            <Button disabledFocusable={isWorking} onClick={onClose}>
              {t('cancel')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
