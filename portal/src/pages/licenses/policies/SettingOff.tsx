/**
 * While the organisation's setting is off: why nobody claims, and in the middle the one button that changes it.
 *
 * It stays when the setting comes on, because its question is still open then: a dialog that is taken away rather than
 * closed would leave the page hidden from screen readers.
 */
import { Button, useRestoreFocusTarget } from '@fluentui/react-components';
import { LockClosedKeyRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../api/settings';
import { EmptyState } from '../../../components/EmptyState';

const TurnSettingDialog = lazy(async () => ({
  default: (await import('../../../components/TurnSettingDialog')).TurnSettingDialog,
}));

interface SettingOffProps {
  settings: Settings;
  mayManage: boolean;
  /** There are policies below, which wait for the setting. */
  hasPolicies: boolean;
  onDone: (result: 'turned' | 'stale') => void;
}

export function SettingOff({ settings, mayManage, hasPolicies, onDone }: SettingOffProps) {
  const { t } = useTranslation(['policies', 'settings', 'common']);
  const restoreFocus = useRestoreFocusTarget();
  const [isAsking, setAsking] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  return (
    <>
      {!settings.autoClaimEnabled && (
        <EmptyState
          icon={<LockClosedKeyRegular />}
          title={t('off.title')}
          text={t('off.text')}
          {...(hasPolicies ? { note: t('off.waiting') } : {})}
        >
          {mayManage ? (
            <Button
              appearance="primary"
              size="large"
              {...restoreFocus}
              onClick={() => {
                setAsked(true);
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
      {wasAsked && (
        <Suspense>
          <TurnSettingDialog
            isOpen={isAsking}
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
