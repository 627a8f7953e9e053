import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../components/PageHeader';
import { Soon } from '../../components/Soon';

export function Audit() {
  const { t } = useTranslation('audit');
  return (
    <>
      <PageHeader title={t('title')} />
      <Soon />
    </>
  );
}
