/** Well or not, in words beside a mark. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled, DismissCircleFilled } from '@fluentui/react-icons';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  state: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  icon: { flexShrink: 0, fontSize: '16px' },
  well: { color: tokens.colorStatusSuccessForeground1 },
  ill: { color: tokens.colorStatusDangerForeground1 },
});

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
