/** Asks before the organisation's switch is turned, and turns it. Mounted while it asks. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StaleError } from '../api/errors';
import { type Settings, useUpdateSettings } from '../api/settings';
import { ActionDialog } from './ActionDialog';
import type { SettingResult } from './SettingNote';

interface TurnSettingDialogProps {
  settings: Settings;
  onDone: (result: SettingResult) => void;
  onClose: () => void;
}

export function TurnSettingDialog({ settings, onDone, onClose }: TurnSettingDialogProps) {
  const { t } = useTranslation('settings');
  const update = useUpdateSettings();
  // What is asked stays what was asked while the page behind is read again.
  const [asked] = useState(settings);
  const way = asked.autoClaimEnabled ? 'turnOff' : 'turnOn';
  return (
    <ActionDialog
      title={t(`${way}.title`)}
      action={t(`${way}.action`)}
      isWorking={update.isPending}
      error={update.error instanceof StaleError ? null : update.error}
      onClose={onClose}
      onSubmit={() => {
        update.mutate(
          { etag: asked.etag, autoClaimEnabled: !asked.autoClaimEnabled },
          {
            onSuccess: ({ autoClaimEnabled }) => {
              onDone(autoClaimEnabled ? 'turnedOn' : 'turnedOff');
            },
            onError: (error) => {
              if (error instanceof StaleError) onDone('stale');
            },
          },
        );
      }}
    >
      {t(`${way}.text`)}
    </ActionDialog>
  );
}
