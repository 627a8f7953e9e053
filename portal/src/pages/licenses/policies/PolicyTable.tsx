/**
 * The rows. Columns have fixed widths, so that numbers change in a storm of sign-ins and nothing else moves. On a phone
 * each row is a card; the roles are written out because a table that is laid out otherwise is none to a screen reader.
 */
import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Policy } from '../../../api/policies';
import { ColumnHeader } from './ColumnHeader';
import { type Column, COLUMNS, type Sort } from './order';
import { PolicyRow } from './PolicyRow';
import { cards } from './width';

const useStyles = makeStyles({
  table: {
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    [cards]: { display: 'block' },
  },
  body: { [cards]: { display: 'grid', gap: tokens.spacingVerticalM } },
  head: {
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    // Cards name their numbers themselves, and a field above sorts them.
    [cards]: { display: 'none' },
  },
  name: { width: '23%' },
  app: { width: '15%' },
  products: { width: '24%' },
  available: { width: '12%' },
  claimed: { width: '12%' },
  status: { width: '14%' },
});

interface PolicyTableProps {
  policies: readonly Policy[];
  isSettingOn: boolean;
  shown: string | undefined;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

export function PolicyTable({ policies, isSettingOn, shown, sort, onSort }: PolicyTableProps) {
  const styles = useStyles();
  const { t } = useTranslation('policies');
  const turn = (column: Column) => {
    onSort({ column, isDescending: sort.column === column && !sort.isDescending });
  };
  return (
    <table role="table" aria-label={t('list')} className={styles.table}>
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {COLUMNS.map((column) => (
            <ColumnHeader
              key={column}
              className={styles[column]}
              isNumber={column === 'available' || column === 'claimed'}
              order={sort.column !== column ? 'none' : sort.isDescending ? 'descending' : 'ascending'}
              onSort={() => {
                turn(column);
              }}
            >
              {t(`columns.${column}`)}
            </ColumnHeader>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className={styles.body}>
        {policies.map((policy) => (
          <PolicyRow key={policy.id} policy={policy} isSettingOn={isSettingOn} isShown={policy.id === shown} />
        ))}
      </tbody>
    </table>
  );
}
