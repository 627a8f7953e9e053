/** A policy in the list. A click anywhere on the row opens its pane; the name is the link that says so. */
import { makeStyles, mergeClasses, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Policy } from '../../../api/policies';
import { useFormat } from '../../../i18n/format';
import { PolicyStatus } from './PolicyStatus';
import { cards } from './width';

const useStyles = makeStyles({
  row: {
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    // On a row that is not as dark or as light as the page, links need more contrast.
    '&:hover a': { color: tokens.colorBrandForegroundLinkHover },
    [cards]: {
      display: 'grid',
      gridTemplateColumns: '1fr 1fr',
      gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
      padding: tokens.spacingHorizontalL,
      border: `1px solid ${tokens.colorNeutralStroke2}`,
      borderRadius: tokens.borderRadiusLarge,
    },
  },
  shown: {
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    '& a': { color: tokens.colorBrandForegroundLinkHover },
  },
  cell: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
    [cards]: { padding: 0 },
  },
  wide: { [cards]: { gridColumn: '1 / -1' } },
  number: {
    textAlign: 'right',
    // In line with the column's name, which has an arrow behind it.
    paddingRight: '28px',
    fontVariantNumeric: 'tabular-nums',
    [cards]: { textAlign: 'left', paddingRight: 0 },
  },
  label: {
    display: 'none',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    [cards]: { display: 'block' },
  },
  link: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    borderRadius: tokens.borderRadiusSmall,
    ':hover': { textDecorationLine: 'underline' },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
  users: { textDecorationLine: 'underline' },
  name: { fontWeight: tokens.fontWeightSemibold },
  backups: { display: 'block', color: tokens.colorNeutralForeground3 },
  gone: { color: tokens.colorStatusDangerForeground1, fontWeight: tokens.fontWeightSemibold },
});

interface PolicyRowProps {
  policy: Policy;
  isSettingOn: boolean;
  /** Its pane is open. */
  isShown: boolean;
}

export function PolicyRow({ policy, isSettingOn, isShown }: PolicyRowProps) {
  const styles = useStyles();
  const { t } = useTranslation('policies');
  const { number, list } = useFormat();
  const navigate = useNavigate();
  const restoreFocus = useRestoreFocusTarget();
  const address = `/licenses/policies/${policy.id}`;
  const [primary, ...backups] = policy.products;
  const isGone = policy.availableLicenses === 0;

  return (
    <tr
      role="row"
      className={mergeClasses(styles.row, isShown && styles.shown)}
      onClick={({ target }) => {
        // Links go their own way, and words can be marked to copy them.
        if ((target as Element).closest('a') !== null || window.getSelection()?.isCollapsed === false) return;
        void navigate(address);
      }}
    >
      <td role="cell" className={mergeClasses(styles.cell, styles.wide)}>
        <Link
          {...restoreFocus}
          to={address}
          className={mergeClasses(styles.link, styles.name)}
          aria-current={isShown || undefined}
        >
          {policy.name}
        </Link>
      </td>
      <Cell label={t('columns.app')}>{policy.appName}</Cell>
      <Cell label={t('columns.products')} isWide>
        {primary?.displayName}
        {backups.length > 0 && (
          <Text size={200} className={styles.backups}>
            {t('backups', { count: backups.length, names: list(backups.map(({ displayName }) => displayName)) })}
          </Text>
        )}
      </Cell>
      <Cell label={t('columns.available')} isNumber>
        <span className={isGone ? styles.gone : undefined}>{number(policy.availableLicenses)}</span>
      </Cell>
      <Cell label={t('columns.claimed')} isNumber>
        <Link
          {...restoreFocus}
          to={`${address}?tab=claims`}
          className={mergeClasses(styles.link, styles.users)}
          aria-label={t('usersOf', { policy: policy.name, number: number(policy.claimedLicenses) })}
        >
          {number(policy.claimedLicenses)}
        </Link>
      </Cell>
      <Cell label={t('columns.status')}>
        <PolicyStatus isOn={policy.enabled} isSettingOn={isSettingOn} />
      </Cell>
    </tr>
  );
}

function Cell(props: { label: string; isNumber?: boolean; isWide?: boolean; children: ReactNode }) {
  const { label, isNumber = false, isWide = false, children } = props;
  const styles = useStyles();
  return (
    <td role="cell" className={mergeClasses(styles.cell, isNumber && styles.number, isWide && styles.wide)}>
      <span className={styles.label}>{label}</span>
      {children}
    </td>
  );
}
