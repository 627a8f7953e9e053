/** What was before, and what is after. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowRightRegular } from '@fluentui/react-icons';
import type { FieldChange } from './useChanges';

const useStyles = makeStyles({
  all: {
    display: 'grid',
    gridTemplateColumns: 'minmax(120px, max-content) minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    margin: `${tokens.spacingVerticalS} 0 0`,
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: '2px' },
  },
  field: { color: tokens.colorNeutralForeground3 },
  values: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: `2px ${tokens.spacingHorizontalS}`,
    margin: 0,
    overflowWrap: 'anywhere',
  },
  value: { textDecorationLine: 'none', minWidth: 0 },
  gone: { color: tokens.colorNeutralForeground3, textDecorationLine: 'line-through' },
  arrow: { flexShrink: 0, alignSelf: 'center', color: tokens.colorNeutralForeground3 },
});

export function Changes({ changes }: { changes: readonly FieldChange[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.all}>
      {changes.map((change) => (
        <Change key={change.field} {...change} />
      ))}
    </dl>
  );
}

function Change({ label, before, after }: FieldChange) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.field}>{label}</dt>
      <dd className={styles.values}>
        {before !== undefined && after !== undefined ? (
          <>
            <del className={mergeClasses(styles.value, styles.gone)}>{before}</del>
            <ArrowRightRegular className={styles.arrow} aria-hidden="true" />
            <ins className={styles.value}>{after}</ins>
          </>
        ) : (
          <span className={styles.value}>{after ?? before}</span>
        )}
      </dd>
    </>
  );
}
