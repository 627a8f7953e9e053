import { Button } from '@fluentui/react-components';
import { ErrorCircleRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';

/** For a page that threw while it was shown, or whose code could not be loaded: a new version may be out. */
export function PageFault() {
  const { t } = useTranslation('shell');
  const fault = useRouteError();
  return (
    <>
      <PageHeader title={t('fault.title')} />
      <EmptyState
        icon={<ErrorCircleRegular />}
        text={t('fault.text')}
        note={fault instanceof Error ? fault.message : String(fault)}
      >
        <Button
          appearance="primary"
          onClick={() => {
            window.location.reload();
          }}
        >
          {t('fault.action')}
        </Button>
      </EmptyState>
    </>
  );
}
