/** What became of turning the organisation's switch: told until it is turned again, here or by somebody else. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../api/settings';

/** Somebody else had changed it: `stale`. */
export type SettingResult = 'turnedOn' | 'turnedOff' | 'stale';

interface SettingNoteProps {
  result: SettingResult | undefined;
  settings: Settings;
  className: string;
}

export function SettingNote({ result, settings, className }: SettingNoteProps) {
  const { t } = useTranslation('settings');
  const isTrue = result === 'stale' || result === (settings.autoClaimEnabled ? 'turnedOn' : 'turnedOff');
  return (
    <div role="status">
      {result !== undefined && isTrue && (
        <MessageBar className={className} intent={result === 'stale' ? 'warning' : 'success'} layout="multiline">
          <MessageBarBody>{t(result)}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}
