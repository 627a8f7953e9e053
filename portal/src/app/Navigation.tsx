/** The way to every page: a column at the side, or in NavigationDrawer.tsx where there is no room for one. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  DataTrendingRegular,
  HeartPulseRegular,
  HistoryRegular,
  PeopleRegular,
  SettingsRegular,
  TicketDiagonalRegular,
} from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';

const PAGES = [
  { to: '/licenses', name: 'licenses', Icon: TicketDiagonalRegular },
  { to: '/report', name: 'report', Icon: DataTrendingRegular },
  { to: '/users', name: 'users', Icon: PeopleRegular },
  { to: '/audit', name: 'audit', Icon: HistoryRegular },
  { to: '/settings', name: 'settings', Icon: SettingsRegular },
  { to: '/health', name: 'health', Icon: HeartPulseRegular },
] as const;

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: `0 ${tokens.spacingHorizontalS}` },
  link: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `0 ${tokens.spacingHorizontalM}`,
    minHeight: '40px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover, color: tokens.colorNeutralForeground1 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  current: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    '::before': {
      content: '""',
      position: 'absolute',
      left: '2px',
      height: '18px',
      width: '3px',
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorCompoundBrandStroke,
    },
  },
  icon: { fontSize: '20px', flexShrink: 0 },
});

export function Navigation({ onChosen }: { onChosen?: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  return (
    <nav aria-label={t('navigation')}>
      <ul className={styles.list}>
        {PAGES.map(({ to, name, Icon }) => (
          <li key={to}>
            <NavLink
              to={to}
              className={({ isActive }) => mergeClasses(styles.link, isActive && styles.current)}
              {...(onChosen !== undefined && { onClick: onChosen })}
            >
              <Icon className={styles.icon} aria-hidden="true" />
              {t(`nav.${name}`)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
