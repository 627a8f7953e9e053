/** The bar at the top: product, language, account. It stays while the page scrolls. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { NavigationRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { AccountBar } from './AccountBar';
import { LanguageSwitch } from './LanguageSwitch';
import { HEADER_PIXELS, narrow } from './layout';
import { Mark } from './Mark';

const useStyles = makeStyles({
  header: {
    position: 'sticky',
    top: 0,
    zIndex: 2,
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    height: `${HEADER_PIXELS.toString()}px`,
    boxSizing: 'border-box',
    padding: `0 ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    [narrow]: { padding: `0 ${tokens.spacingHorizontalS}` },
  },
  menu: { display: 'none', [narrow]: { display: 'inline-flex' } },
  product: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, flexGrow: 1, minWidth: 0 },
});

export function Header({ onMenu }: { onMenu: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation(['shell', 'common']);
  return (
    <header className={styles.header}>
      <Button
        className={styles.menu}
        appearance="subtle"
        icon={<NavigationRegular />}
        aria-label={t('openNavigation')}
        onClick={onMenu}
      />
      <div className={styles.product}>
        <Mark />
        <Text weight="semibold" size={400}>
          {t('common:product')}
        </Text>
      </div>
      <LanguageSwitch />
      <AccountBar />
    </header>
  );
}
