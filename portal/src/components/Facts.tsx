/** Names and what they stand for, below each other: ids, numbers, what is inside. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(120px, max-content) minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL}`,
    margin: 0,
    '@media (max-width: 700px)': { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: tokens.spacingVerticalXXS },
  },
  name: { color: tokens.colorNeutralForeground3 },
  value: {
    margin: 0,
    overflowWrap: 'anywhere',
    fontVariantNumeric: 'tabular-nums',
    '@media (max-width: 700px)': { marginBottom: tokens.spacingVerticalS },
  },
  columns: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    columnWidth: '240px',
    columnGap: tokens.spacingHorizontalXXL,
  },
  item: { breakInside: 'avoid', paddingBottom: tokens.spacingVerticalXXS },
});

export function Facts({ children }: { children: ReactNode }) {
  return <dl className={useStyles().facts}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{children}</dd>
    </>
  );
}

/** Short texts in as many columns as there is room for. */
export function Columns({ items }: { items: readonly { id: string; text: string }[] }) {
  const styles = useStyles();
  return (
    <ul className={styles.columns}>
      {items.map(({ id, text }) => (
        <li key={id} className={styles.item}>
          <Text>{text}</Text>
        </li>
      ))}
    </ul>
  );
}
