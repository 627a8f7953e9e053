/**
 * While the organisation's setting is off: why nobody claims, and in the middle the one button that changes it.
 *
 * It stays when somebody else turns the setting on, because its own question may be open then.
 */
import { Button, useRestoreFocusTarget } from '@fluentui/react-components';
import { LockClosedKeyRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../api/settings';
import { EmptyState } from '../../../components/EmptyState';
import type { SettingResult } from '../../../components/SettingNote';

const TurnSettingDialog = lazy(async () => ({
  default: (await import('../../../components/TurnSettingDialog')).TurnSettingDialog,
}));

interface SettingOffProps {
  settings: Settings;
  mayManage: boolean;
  /** There are policies below, which wait for the setting. */
  hasPolicies: boolean;
  onDone: (result: SettingResult) => void;
}

export function SettingOff({ settings, mayManage, hasPolicies, onDone }: SettingOffProps) {
  const { t } = useTranslation(['policies', 'settings', 'common']);
  const restoreFocus = useRestoreFocusTarget();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      {!settings.autoClaimEnabled && (
        <EmptyState
          icon={<LockClosedKeyRegular />}
          title={t('off.title')}
          text={mayManage ? `${t('off.text')} ${t('off.add')}` : t('off.text')}
          {...(hasPolicies ? { note: t('off.waiting') } : {})}
        >
          {mayManage ? (
            <Button
              appearance="primary"
              size="large"
              {...restoreFocus}
              onClick={() => {
                setAsking(true);
              }}
            >
              {t('settings:turnOn.action')}
            </Button>
          ) : (
            t('off.reader')
          )}
        </EmptyState>
      )}
      {isAsking && (
        <Suspense>
          <TurnSettingDialog
            settings={settings}
            onClose={() => {
              setAsking(false);
            }}
            onDone={(result) => {
              setAsking(false);
              onDone(result);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
