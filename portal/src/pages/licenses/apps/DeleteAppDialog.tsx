/** Deletes an app that no policy uses. */
import { useTranslation } from 'react-i18next';
import { type App, useDeleteApp } from '../../../api/apps';
import { ConfirmDialog } from '../../../components/ConfirmDialog';

interface DeleteAppDialogProps {
  app: App;
  onDone: (text: string) => void;
  onClose: () => void;
}

export function DeleteAppDialog({ app, onDone, onClose }: DeleteAppDialogProps) {
  const { t } = useTranslation('apps');
  const remove = useDeleteApp();
  return (
    <ConfirmDialog
      isOpen
      title={t('delete.title', { app: app.name })}
      action={t('delete.action')}
      isWorking={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate(
          { id: app.id, etag: app.etag },
          {
            onSuccess: () => {
              onDone(t('delete.done', { app: app.name }));
            },
          },
        );
      }}
    >
      {t('delete.text')}
    </ConfirmDialog>
  );
}
