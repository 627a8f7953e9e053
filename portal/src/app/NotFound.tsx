import { Button } from '@fluentui/react-components';
import { DocumentSearchRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';

/** For an address that is no page's. */
export function NotFound() {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  return (
    <>
      <PageHeader title={t('notFound.title')} />
      <EmptyState icon={<DocumentSearchRegular />} text={t('notFound.text')}>
        <Button appearance="primary" onClick={() => void navigate('/licenses')}>
          {t('notFound.action')}
        </Button>
      </EmptyState>
    </>
  );
}
