import { WrenchRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState';

/** Stands in for a page that is not made yet. */
export function Soon() {
  const { t } = useTranslation('common');
  return <EmptyState icon={<WrenchRegular />} text={t('soon')} />;
}
