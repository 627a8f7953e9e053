/** The only page for whoever is not signed in. */
import { Button, makeStyles, MessageBar, MessageBarBody, Text, Title2, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntraSignIn } from '../signIn/entra';
import { useSignIn } from '../signIn/signIn';
import { LanguageSwitch } from './LanguageSwitch';
import { Mark } from './Mark';

const RolePicker = lazy(async () => ({ default: (await import('./RolePicker')).RolePicker }));

const useStyles = makeStyles({
  page: {
    minHeight: '100dvh',
    boxSizing: 'border-box',
    display: 'grid',
    placeItems: 'center',
    padding: '16px',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  card: {
    width: '100%',
    maxWidth: '440px',
    boxSizing: 'border-box',
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    padding: '36px 40px 40px',
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow8,
    '@media (max-width: 480px)': { padding: '24px 20px 28px' },
  },
  top: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', marginRight: '-12px' },
  intro: { color: tokens.colorNeutralForeground2 },
});

export function SignedOut() {
  const styles = useStyles();
  const { t } = useTranslation(['shell', 'common']);
  const signIn = useSignIn();
  return (
    <main className={styles.page}>
      <title>{t('common:pageTitle', { page: t('signIn.action') })}</title>
      <div className={styles.card}>
        <div className={styles.top}>
          <Mark size={36} />
          <LanguageSwitch />
        </div>
        <Title2 as="h1">{t('signIn.title')}</Title2>
        <Text className={styles.intro}>{t('signIn.intro')}</Text>
        {signIn.kind === 'development' ? (
          <Suspense>
            <RolePicker signIn={signIn} />
          </Suspense>
        ) : (
          <EntraButton signIn={signIn} />
        )}
      </div>
    </main>
  );
}

function EntraButton({ signIn }: { signIn: EntraSignIn }) {
  const { t } = useTranslation('shell');
  const [reason, setReason] = useState(signIn.refusal);
  return (
    <>
      {reason !== undefined && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{t('signIn.failed', { reason })}</MessageBarBody>
        </MessageBar>
      )}
      <Button
        appearance="primary"
        size="large"
        onClick={() => {
          signIn.signIn().catch((error: unknown) => {
            setReason(error instanceof Error ? error.message : String(error));
          });
        }}
      >
        {t('signIn.action')}
      </Button>
    </>
  );
}
