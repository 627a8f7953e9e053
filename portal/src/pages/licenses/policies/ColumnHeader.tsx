/** A column's name, which sorts by it. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  cell: { padding: 0, textAlign: 'left', fontWeight: tokens.fontWeightRegular, verticalAlign: 'bottom' },
  button: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    width: '100%',
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground1,
    font: 'inherit',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    textAlign: 'left',
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  number: { justifyContent: 'flex-end', textAlign: 'right' },
  // The arrow's place is kept where there is none, or the name would move when it comes.
  arrow: { flexShrink: 0, fontSize: '12px', visibility: 'hidden' },
  sorted: { visibility: 'visible' },
});

interface ColumnHeaderProps {
  order: 'none' | 'ascending' | 'descending';
  isNumber: boolean;
  className: string;
  children: ReactNode;
  onSort: () => void;
}

export function ColumnHeader({ order, isNumber, className, children, onSort }: ColumnHeaderProps) {
  const styles = useStyles();
  const Arrow = order === 'descending' ? ArrowDownRegular : ArrowUpRegular;
  return (
    <th role="columnheader" scope="col" aria-sort={order} className={mergeClasses(styles.cell, className)}>
      <button type="button" className={mergeClasses(styles.button, isNumber && styles.number)} onClick={onSort}>
        {children}
        <Arrow className={mergeClasses(styles.arrow, order !== 'none' && styles.sorted)} aria-hidden="true" />
      </button>
    </th>
  );
}
