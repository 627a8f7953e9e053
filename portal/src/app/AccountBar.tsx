/** Who is signed in and what they may do; signing out. */
import { Button, Caption1, makeStyles, Text, tokens } from '@fluentui/react-components';
import { SignOutRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useMe } from '../api/me';
import { useAccount, useSignIn } from '../signIn/signIn';
import { narrow } from './layout';

const useStyles = makeStyles({
  names: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-end',
    minWidth: 0,
    maxWidth: '280px',
    marginRight: tokens.spacingHorizontalXS,
    lineHeight: tokens.lineHeightBase200,
    [narrow]: { display: 'none' },
  },
  name: { maxWidth: '100%' },
  quiet: { color: tokens.colorNeutralForeground3, lineHeight: tokens.lineHeightBase100 },
});

export function AccountBar() {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const signIn = useSignIn();
  const name = useAccount()?.name ?? '';
  const rights = useMe().data?.rights;
  return (
    <>
      <div className={styles.names}>
        <Text size={200} weight="semibold" truncate wrap={false} block className={styles.name}>
          {name}
        </Text>
        {rights !== undefined && (
          <Caption1 className={styles.quiet}>{rights.includes('manage') ? t('manages') : t('reads')}</Caption1>
        )}
      </div>
      <Button
        appearance="subtle"
        icon={<SignOutRegular />}
        title={t('signOutName', { name })}
        aria-label={t('signOut')}
        onClick={() => void signIn.signOut()}
      />
    </>
  );
}
