/**
 * A form in a dialog. Stays open while it is being saved, and when that failed says so in itself: what was entered is kept.
 *
 * Mounted only while it is open, so that its state begins anew each time. What opens it carries `useRestoreFocusTarget()`.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  fieldClassNames,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/errors';
import { ErrorNote } from './ErrorNote';

const useStyles = makeStyles({
  content: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    // Room for the rings of fields at the edge, which the scrolling content would cut off.
    padding: `${tokens.spacingVerticalXS} 2px ${tokens.spacingVerticalL}`,
    // A field is as wide as the dialog, however long a choice in it is.
    [`& .${fieldClassNames.root}`]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  detail: { overflowWrap: 'anywhere' },
});

interface FormDialogProps {
  title: string;
  /** The verb on the button. */
  action: string;
  /** Whether there is anything to save; what is wrong with it is said when it is tried. */
  isReady?: boolean;
  isWorking: boolean;
  error: Error | null;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { title, action, isReady = true, isWorking, error, onSubmit, onClose, children } = props;
  const styles = useStyles();
  const { t } = useTranslation('common');
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_event, { open }) => {
        if (!open && !isWorking) onClose();
      }}
    >
      <DialogSurface>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady && !isWorking) onSubmit();
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              {children}
              {error !== null && (
                <div>
                  <ErrorNote error={error} />
                  <Details error={error} />
                </div>
              )}
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabledFocusable={isWorking || !isReady}>
                {action}
              </Button>
              <Button disabledFocusable={isWorking} onClick={onClose}>
                {t('cancel')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

/** What the API says of single fields, in its own English: the form has checked what it knows of, so this is rare. */
function Details({ error }: { error: Error }) {
  const styles = useStyles();
  if (!(error instanceof ApiError) || error.details.length === 0) return null;
  return (
    <ul lang="en">
      {error.details.map(({ target, message }) => (
        <li key={`${target} ${message}`}>
          <Text size={200} className={styles.detail}>
            {target}: {message}
          </Text>
        </li>
      ))}
    </ul>
  );
}
