/** The chart's numbers, to be read: newest day first. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format';
import type { Daily } from './daily';
import { useTableStyles } from './tables';

const useStyles = makeStyles({
  // Ninety days would push the users out of sight.
  scroll: {
    position: 'relative',
    maxHeight: '372px',
    overflow: 'auto',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  head: { position: 'sticky', top: 0, backgroundColor: tokens.colorNeutralBackground1, minWidth: '72px' },
  day: { whiteSpace: 'nowrap' },
  total: { fontWeight: tokens.fontWeightSemibold },
});

export function DaysTable({ daily, labelledBy }: { daily: Daily; labelledBy: string }) {
  const styles = useStyles();
  const table = useTableStyles();
  const { t } = useTranslation('report');
  const { day, number } = useFormat();
  const head = mergeClasses(table.head, styles.head);
  const cell = mergeClasses(table.cell, table.number);
  return (
    // Focusable, so that keys can scroll it.
    <div className={styles.scroll} role="group" aria-labelledby={labelledBy} tabIndex={0}>
      <table className={table.table} aria-labelledby={labelledBy}>
        <thead>
          <tr>
            <th scope="col" className={head}>
              {t('day')}
            </th>
            <th scope="col" className={mergeClasses(head, table.number)}>
              {t('total')}
            </th>
            {daily.series.map((series) => (
              <th key={series.key} scope="col" className={mergeClasses(head, table.number)}>
                {series.name ?? t('rest')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {daily.days.toReversed().map((each) => (
            <tr key={each.date} className={each.claims === 0 ? table.quiet : undefined}>
              <th scope="row" className={mergeClasses(table.cell, styles.day)}>
                {day(each.date)}
              </th>
              <td className={mergeClasses(cell, styles.total)}>{number(each.claims)}</td>
              {each.parts.map((claims, index) => (
                <td key={daily.series[index]?.key} className={mergeClasses(cell, claims === 0 && table.quiet)}>
                  {number(claims)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
