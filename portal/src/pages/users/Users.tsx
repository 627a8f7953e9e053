import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../components/PageHeader';
import { Soon } from '../../components/Soon';

export function Users() {
  const { t } = useTranslation('users');
  return (
    <>
      <PageHeader title={t('title')} />
      <Soon />
    </>
  );
}
