/** Facts and what they are now. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled, DismissCircleFilled } from '@fluentui/react-icons';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(120px, max-content) minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    margin: 0,
  },
  name: { color: tokens.colorNeutralForeground3 },
  value: { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
  state: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  icon: { flexShrink: 0, fontSize: '16px' },
  well: { color: tokens.colorStatusSuccessForeground1 },
  ill: { color: tokens.colorStatusDangerForeground1 },
});

export function Facts({ children }: { children: ReactNode }) {
  return <dl className={useStyles().list}>{children}</dl>;
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

/** Well or not, in words beside a mark. */
export function Condition({ isWell, children }: { isWell: boolean; children: ReactNode }) {
  const styles = useStyles();
  const Mark = isWell ? CheckmarkCircleFilled : DismissCircleFilled;
  return (
    <span className={styles.state}>
      <Mark className={mergeClasses(styles.icon, isWell ? styles.well : styles.ill)} aria-hidden="true" />
      {children}
    </span>
  );
}
