import { Button } from '@fluentui/react-components';
import { LockClosedRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';
import { useSignIn } from '../signIn/signIn';

/** For someone whose token is good and whose roles are none of the API's. */
export function NoRight() {
  const { t } = useTranslation('shell');
  const signIn = useSignIn();
  return (
    <>
      <PageHeader title={t('noRight.title')} />
      <EmptyState icon={<LockClosedRegular />} text={t('noRight.text')}>
        <Button appearance="primary" onClick={() => void signIn.signOut()}>
          {t('noRight.action')}
        </Button>
      </EmptyState>
    </>
  );
}
