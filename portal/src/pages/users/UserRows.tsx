/** Users that were found; each leads to the user's own page. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { User } from '../../api/users';
import { useFormat } from '../../i18n/format';
import { nameOf, noteOf, pathOf } from '../../components/user';

const useStyles = makeStyles({
  list: {
    alignSelf: 'stretch',
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  row: {
    position: 'relative',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXXL}`,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalS}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    '&:hover a': { color: tokens.colorBrandForegroundLinkHover },
  },
  names: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  link: {
    color: tokens.colorBrandForegroundLink,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
    textDecorationLine: 'none',
    ':hover': { textDecorationLine: 'underline' },
    ':focus-visible': { outline: 'none' },
    // The whole row is the link.
    '::after': { content: '""', position: 'absolute', inset: 0 },
    ':focus-visible::after': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  note: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  count: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

export function UserRows({ users }: { users: readonly User[] }) {
  const styles = useStyles();
  const { t } = useTranslation('users');
  const { number } = useFormat();
  return (
    <ul className={styles.list} aria-label={t('title')}>
      {users.map((user) => (
        <li key={user.userId} className={styles.row}>
          <span className={styles.names}>
            <Link to={pathOf(user.userId)} className={styles.link}>
              {nameOf(user)}
            </Link>
            <Text size={200} className={styles.note}>
              {noteOf(user)}
            </Text>
          </span>
          <Text className={styles.count}>{t('count', { count: user.licenses, number: number(user.licenses) })}</Text>
        </li>
      ))}
    </ul>
  );
}
