/** Asks before the organisation's switch is turned, and turns it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StaleError } from '../api/errors';
import { type Settings, useUpdateSettings } from '../api/settings';
import { ActionDialog } from './ActionDialog';

interface TurnSettingDialogProps {
  isOpen: boolean;
  settings: Settings;
  /** The switch was turned, or somebody else had changed it: `stale`. */
  onDone: (result: 'turned' | 'stale') => void;
  onClose: () => void;
}

export function TurnSettingDialog({ isOpen, settings, onDone, onClose }: TurnSettingDialogProps) {
  const { t } = useTranslation('settings');
  const update = useUpdateSettings();
  // What is asked stays what was asked while the list behind is read again.
  const [asked, setAsked] = useState(settings);
  if (!isOpen && asked !== settings) setAsked(settings);
  const way = asked.autoClaimEnabled ? 'turnOff' : 'turnOn';

  function close(): void {
    update.reset();
    onClose();
  }

  return (
    <ActionDialog
      isOpen={isOpen}
      title={t(`${way}.title`)}
      action={t(`${way}.action`)}
      isWorking={update.isPending}
      error={update.error}
      onClose={close}
      onSubmit={() => {
        update.mutate(
          { etag: asked.etag, autoClaimEnabled: !asked.autoClaimEnabled },
          {
            onSuccess: () => {
              onDone('turned');
            },
            onError: (error) => {
              if (!(error instanceof StaleError)) return;
              update.reset();
              onDone('stale');
            },
          },
        );
      }}
    >
      {t(`${way}.text`)}
    </ActionDialog>
  );
}
