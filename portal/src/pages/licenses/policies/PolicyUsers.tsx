/** Who claimed a license under a policy, newest first: all that the journal still has, whatever became of the license. */
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { ArrowLeftRegular, PeopleRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { usePolicyClaims } from '../../../api/claims';
import { usePolicy } from '../../../api/policies';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorNote } from '../../../components/ErrorNote';
import { LoadingRows } from '../../../components/LoadingRows';
import { PageHeader } from '../../../components/PageHeader';
import { ShowMore } from '../../../components/ShowMore';
import { useFormat } from '../../../i18n/format';
import { ActionLink } from '../../../components/ActionLink';
import { cards } from './width';

const useStyles = makeStyles({
  table: {
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    marginBottom: tokens.spacingVerticalL,
    [cards]: { display: 'block' },
  },
  head: { borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, [cards]: { display: 'none' } },
  body: { [cards]: { display: 'block' } },
  row: {
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    [cards]: { display: 'grid', gap: tokens.spacingVerticalXS, padding: `${tokens.spacingVerticalM} 0` },
  },
  cell: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
    textAlign: 'left',
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
    fontWeight: tokens.fontWeightRegular,
    [cards]: { padding: 0 },
  },
  header: { fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
  quiet: { display: 'block', color: tokens.colorNeutralForeground3 },
});

export function PolicyUsers() {
  const styles = useStyles();
  const { t } = useTranslation('policies');
  const { policyId = '' } = useParams();
  const policy = usePolicy(policyId);
  const claims = usePolicyClaims(policyId);
  const { moment, number } = useFormat();
  const error = policy.error ?? claims.error;
  const rows = claims.data?.pages.flatMap((page) => page.value);

  return (
    <>
      <PageHeader
        title={t('users.title')}
        tabName={t('users.tab', { policy: policy.data?.name ?? '' })}
        {...(policy.data && {
          description: t('users.description', {
            policy: policy.data.name,
            count: policy.data.claimedLicenses,
            number: number(policy.data.claimedLicenses),
          }),
        })}
      >
        <ActionLink icon={<ArrowLeftRegular />} to="/licenses/policies">
          {t('users.back')}
        </ActionLink>
      </PageHeader>
      {error !== null && rows === undefined ? (
        <ErrorNote error={error} onRetry={() => void Promise.all([policy.refetch(), claims.refetch()])} />
      ) : rows === undefined ? (
        <LoadingRows />
      ) : rows.length === 0 && !claims.hasNextPage ? (
        <EmptyState icon={<PeopleRegular />} text={t('users.none')} />
      ) : (
        <table role="table" aria-label={t('users.title')} className={styles.table}>
          <thead role="rowgroup" className={styles.head}>
            <tr role="row">
              {(['user', 'product', 'order', 'at', 'held'] as const).map((column) => (
                <th key={column} role="columnheader" scope="col" className={mergeClasses(styles.cell, styles.header)}>
                  {t(`users.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" className={styles.body}>
            {rows.map((claim) => (
              <tr key={`${claim.userId} ${claim.claimedAt} ${claim.skuId}`} role="row" className={styles.row}>
                <Cell>
                  {claim.displayName ?? claim.userPrincipalName ?? claim.userId}
                  <Text size={200} className={styles.quiet}>
                    {claim.userPrincipalName ?? claim.userId}
                  </Text>
                </Cell>
                <Cell>{claim.productName}</Cell>
                <Cell>
                  {claim.assigningOrder === 1
                    ? t('users.primary')
                    : t('users.backup', { number: number(claim.assigningOrder - 1) })}
                </Cell>
                <Cell>{moment(claim.claimedAt)}</Cell>
                <Cell>{claim.held ? t('users.held') : t('users.takenBack')}</Cell>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rows !== undefined && <ShowMore list={claims} />}
    </>
  );
}

function Cell({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return (
    <td role="cell" className={styles.cell}>
      {children}
    </td>
  );
}
