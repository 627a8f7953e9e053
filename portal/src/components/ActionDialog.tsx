/**
 * A question, or a form, and the one thing that is then done. Stays open while that is under way, and when it failed says
 * so in itself: what was entered is kept.
 *
 * What opens it carries Fluent's `useRestoreFocusTarget()`, so that the focus comes back there. A form is mounted only
 * while it is open, so that it begins anew each time.
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

interface ActionDialogProps {
  isOpen?: boolean;
  title: string;
  /** The verb on the button. */
  action: string;
  /** Whether there is anything to save; what is wrong with it is said when it is tried. */
  isReady?: boolean;
  isWorking?: boolean;
  error?: Error | null;
  onSubmit: () => void;
  onClose: () => void;
  /** What will happen and what will not, or the fields. */
  children: ReactNode;
}

export function ActionDialog(props: ActionDialogProps) {
  const { isOpen = true, title, action, isReady = true, isWorking = false, error = null } = props;
  const { onSubmit, onClose, children } = props;
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
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            // React hands it on to a form that the dialog was opened from.
            event.stopPropagation();
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
