/** Three tabs, each a page with an address of its own: so they are links, and look like tabs. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, useLocation } from 'react-router';
import { PageHeader } from '../../components/PageHeader';

const TABS = ['products', 'policies', 'apps'] as const;

const useStyles = makeStyles({
  tabs: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `0 ${tokens.spacingHorizontalXL}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    marginBottom: tokens.spacingVerticalXXL,
  },
  tab: {
    position: 'relative',
    padding: `${tokens.spacingVerticalM} 0`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    ':hover': { color: tokens.colorNeutralForeground1 },
    ':hover::after': { backgroundColor: tokens.colorNeutralStroke1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    '::after': {
      content: '""',
      position: 'absolute',
      left: 0,
      right: 0,
      bottom: '-1px',
      height: '3px',
      borderRadius: tokens.borderRadiusCircular,
    },
  },
  current: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    '::after': { backgroundColor: tokens.colorCompoundBrandStroke },
    ':hover::after': { backgroundColor: tokens.colorCompoundBrandStrokeHover },
  },
});

export function Licenses() {
  const styles = useStyles();
  const { t } = useTranslation('licenses');
  const { pathname } = useLocation();
  const current = TABS.find((tab) => pathname.startsWith(`/licenses/${tab}`)) ?? 'policies';
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} tabName={t(`tabs.${current}`)} />
      <nav aria-label={t('title')} className={styles.tabs}>
        {TABS.map((tab) => (
          <NavLink
            key={tab}
            to={tab}
            className={({ isActive }) => mergeClasses(styles.tab, isActive && styles.current)}
          >
            {t(`tabs.${tab}`)}
          </NavLink>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
