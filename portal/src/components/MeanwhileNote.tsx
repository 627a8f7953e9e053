/** What another administrator did to something while a dialog about it was open. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';

interface MeanwhileNoteProps {
  isDeleted: boolean;
  /** The names of the fields that they changed, and of those that are changed here too. */
  taken: readonly string[];
  disputed: readonly string[];
}

export function MeanwhileNote({ isDeleted, taken, disputed }: MeanwhileNoteProps) {
  const { t } = useTranslation('common');
  const { list } = useFormat();
  return (
    <div role="status">
      {(isDeleted || taken.length > 0) && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {isDeleted ? t('meanwhile.deleted') : t('meanwhile.changed', { fields: list(taken) })}{' '}
            {!isDeleted && disputed.length > 0 && t('meanwhile.disputed', { fields: list(disputed) })}
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}
