/** Asks before something is deleted, as it is now: somebody else may have changed or deleted it meanwhile. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { StaleError } from '../api/errors';
import { ActionDialog } from './ActionDialog';

interface Saved {
  etag: string;
}

interface DeleteDialogProps {
  /** As it was when the dialog was opened. */
  opened: Saved;
  /** As it is now; nothing if it was deleted. */
  now: Saved | undefined;
  /** What useMutation gives. */
  remove: { isPending: boolean; isSuccess: boolean; error: Error | null; reset: () => void };
  title: string;
  text: string;
  action: string;
  onSubmit: () => void;
  onClose: () => void;
}

export function DeleteDialog(props: DeleteDialogProps) {
  const { opened, now, remove, title, text, action, onSubmit, onClose } = props;
  const { t } = useTranslation('common');
  const isOthersWork = now?.etag !== opened.etag && !remove.isPending && !remove.isSuccess;
  return (
    <ActionDialog
      title={title}
      action={action}
      isReady={now !== undefined}
      isWorking={remove.isPending}
      // What somebody else did is told by the note below.
      error={remove.error instanceof StaleError ? null : remove.error}
      onClose={() => {
        remove.reset();
        onClose();
      }}
      onSubmit={onSubmit}
    >
      {text}
      <div role="status">
        {isOthersWork && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{now === undefined ? t('meanwhile.deleted') : t('meanwhile.look')}</MessageBarBody>
          </MessageBar>
        )}
      </div>
    </ActionDialog>
  );
}
