/** The list before its first policy. */
import { ClipboardTaskAddRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../components/EmptyState';
import { ActionLink } from '../../../components/ActionLink';

export function NoPolicies({ mayManage }: { mayManage: boolean }) {
  const { t } = useTranslation(['policies', 'common']);
  return (
    <EmptyState
      icon={<ClipboardTaskAddRegular />}
      title={t('none.title')}
      text={t('none.text')}
      {...(mayManage ? {} : { note: t('common:readOnly') })}
    >
      {mayManage && (
        <ActionLink appearance="primary" size="large" to="/licenses/policies/new">
          {t('add')}
        </ActionLink>
      )}
    </EmptyState>
  );
}
