import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../components/PageHeader';
import { Soon } from '../../components/Soon';

export function Health() {
  const { t } = useTranslation('health');
  return (
    <>
      <PageHeader title={t('title')} />
      <Soon />
    </>
  );
}
