/** What another administrator did to something while a dialog about it was open. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';

interface MeanwhileNoteProps {
  /** Why there is nothing left to save, where there is not. */
  ended: string | false;
  /** The names of the fields that they changed, and of those that are changed here too. */
  taken: readonly string[];
  disputed: readonly string[];
}

export function MeanwhileNote({ ended, taken, disputed }: MeanwhileNoteProps) {
  const { t } = useTranslation('common');
  const { list } = useFormat();
  return (
    <div role="status">
      {(ended !== false || taken.length > 0) && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {ended === false ? t('meanwhile.changed', { fields: list(taken) }) : ended}{' '}
            {ended === false && disputed.length > 0 && t('meanwhile.disputed', { fields: list(disputed) })}
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}
