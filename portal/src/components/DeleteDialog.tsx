/** Asks before something is deleted, as it is now: somebody else may have changed or deleted it meanwhile. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { StaleError } from '../api/errors';

const ActionDialog = lazy(async () => ({ default: (await import('./ActionDialog')).ActionDialog }));

interface Saved {
  etag: string;
}

/** What useMutation gives. */
interface Removal<T> {
  mutate: (now: T, options: { onSuccess: () => void }) => void;
  isPending: boolean;
  isSuccess: boolean;
  error: Error | null;
  reset: () => void;
}

interface DeleteDialogProps<T> {
  /** As it was when the dialog was opened. */
  opened: T;
  /** As it is now; nothing if it was deleted. */
  now: T | undefined;
  remove: Removal<T>;
  title: string;
  text: string;
  action: string;
  onDone: () => void;
  onClose: () => void;
}

export function DeleteDialog<T extends Saved>(props: DeleteDialogProps<T>) {
  const { opened, now, remove, title, text, action, onDone, onClose } = props;
  const { t } = useTranslation('common');
  const isOthersWork = now?.etag !== opened.etag && !remove.isPending && !remove.isSuccess;
  return (
    <Suspense>
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
        onSubmit={() => {
          if (now === undefined) return;
          remove.mutate(now, {
            onSuccess: () => {
              remove.reset();
              onDone();
            },
          });
        }}
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
    </Suspense>
  );
}
