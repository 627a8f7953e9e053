/** Who claimed, newest first, a page at a time. */
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { memo, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type ClaimedLicense, type ClaimFilter, useClaimedLicenses } from '../../api/claims';
import { ErrorNote } from '../../components/ErrorNote';
import { LoadingRows } from '../../components/LoadingRows';
import { ShowMore } from '../../components/ShowMore';
import { nameOf, secondNameOf } from '../../components/user';
import { useFormat } from '../../i18n/format';
import { useTableStyles } from './tables';

/** While so many pages are shown the list follows new claims; to read more again and again would burden the service. */
const FOLLOWED_PAGES_MAX = 3;

/** Below this width a row is a card: the roles are written out, because a browser forgets those of such a table. */
const small = '@media (max-width: 640px)';

const useStyles = makeStyles({
  // Fixed, so that a page more is laid out without all that stands above it.
  table: { tableLayout: 'fixed', [small]: { display: 'block' } },
  head: { [small]: { display: 'none' } },
  rows: { [small]: { display: 'block' } },
  row: {
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    [small]: {
      display: 'grid',
      padding: `${tokens.spacingVerticalM} 0`,
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    },
  },
  cell: {
    overflowWrap: 'anywhere',
    [small]: { display: 'block', padding: '2px 0', borderBottomStyle: 'none' },
  },
  when: { width: '18%' },
  user: { width: '26%', [small]: { order: -1 } },
  product: { width: '24%' },
  policy: { width: '20%' },
  license: { width: '12%' },
  block: { display: 'block' },
  more: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, marginTop: tokens.spacingVerticalM },
});

interface ClaimedLicensesProps {
  filter: ClaimFilter;
  /** As the report counted them: tells that there are new ones. */
  total: number;
}

export function ClaimedLicenses({ filter, total }: ClaimedLicensesProps) {
  const styles = useStyles();
  const table = useTableStyles();
  const { t } = useTranslation('report');
  const { number } = useFormat();
  const list = useClaimedLicenses(filter);
  const pages = list.data?.pages ?? [];
  const shown = pages.reduce((sum, page) => sum + page.value.length, 0);

  const { refetch } = list;
  const follows = pages.length > 0 && pages.length <= FOLLOWED_PAGES_MAX && shown !== total;
  useEffect(() => {
    if (follows) void refetch();
    // Once for each new total: that fewer are shown is usual.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [total]);

  if (list.isPending) return <LoadingRows rows={8} />;
  return (
    <>
      {list.error !== null && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {pages.length > 0 && (
        <table role="table" aria-labelledby="report-users" className={mergeClasses(table.table, styles.table)}>
          <thead role="rowgroup" className={styles.head}>
            <tr role="row">
              {(['when', 'user', 'product', 'policy', 'license'] as const).map((column) => (
                <th key={column} role="columnheader" scope="col" className={mergeClasses(table.head, styles[column])}>
                  {t(`columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          {pages.map((page, index) => (
            <ClaimRows key={index} claims={page.value} />
          ))}
        </table>
      )}
      <div className={styles.more}>
        <ShowMore list={list} />
        <Text className={table.quiet} role="status">
          {t('shown', { shown: number(shown), total: number(Math.max(shown, total)) })}
        </Text>
      </div>
    </>
  );
}

/** A page's rows. They stay as they are while other pages come. */
const ClaimRows = memo(function ClaimRows({ claims }: { claims: readonly ClaimedLicense[] }) {
  const styles = useStyles();
  const table = useTableStyles();
  const { t } = useTranslation('report');
  const { moment } = useFormat();
  const cell = mergeClasses(table.cell, styles.cell);
  return (
    <tbody role="rowgroup" className={styles.rows}>
      {claims.map((claim) => (
        <tr key={`${claim.claimedAt} ${claim.userId} ${claim.skuId}`} role="row" className={styles.row}>
          <td role="cell" className={cell}>
            <time dateTime={claim.claimedAt}>{moment(claim.claimedAt)}</time>
          </td>
          <td role="cell" className={mergeClasses(cell, styles.user)}>
            <span className={styles.block}>{nameOf(claim)}</span>
            {secondNameOf(claim) !== undefined && (
              <span className={mergeClasses(styles.block, table.quiet)}>{secondNameOf(claim)}</span>
            )}
          </td>
          <td role="cell" className={cell}>
            <span className={styles.block}>{claim.productName}</span>
            {claim.assigningOrder > 1 && (
              <span className={mergeClasses(styles.block, table.quiet)}>
                {t('backup', { number: claim.assigningOrder - 1 })}
              </span>
            )}
          </td>
          <td role="cell" className={cell}>
            {claim.policyName}
          </td>
          <td role="cell" className={mergeClasses(cell, !claim.held && table.quiet)}>
            {claim.held ? t('held') : t('takenBack')}
          </td>
        </tr>
      ))}
    </tbody>
  );
});
