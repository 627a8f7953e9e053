/** A row of a list: what it is, what is said beside it, what can be done with it, and more below once it is opened. */
import { makeStyles, mergeClasses, Text, tokens, typographyStyles } from '@fluentui/react-components';
import { ChevronRightRegular } from '@fluentui/react-icons';
import { type ReactNode, useId, useState } from 'react';

/** Below this width what stands side by side stands one below the other. */
const stacked = '@media (max-width: 700px)';

const useStyles = makeStyles({
  row: { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  line: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 5fr) minmax(0, 4fr) auto',
    alignItems: 'center',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL}`,
    minHeight: '44px',
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalS}`,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    [stacked]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  heading: { display: 'flex', fontWeight: tokens.fontWeightRegular },
  opener: {
    ...typographyStyles.body1,
    display: 'flex',
    gap: tokens.spacingHorizontalS,
    minWidth: 0,
    padding: 0,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    background: 'none',
    color: tokens.colorNeutralForeground1,
    textAlign: 'start',
    cursor: 'pointer',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
  chevron: {
    flexShrink: 0,
    marginTop: '2px',
    fontSize: '16px',
    color: tokens.colorNeutralForeground3,
    transitionProperty: 'transform',
    transitionDuration: tokens.durationFast,
  },
  open: { transform: 'rotate(90deg)' },
  names: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  name: { overflowWrap: 'anywhere' },
  note: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  aside: { [stacked]: { paddingInlineStart: '24px' } },
  actions: {
    display: 'flex',
    justifyContent: 'flex-end',
    // As wide in every row, so that what stands before it does so in a column.
    minWidth: '190px',
    [stacked]: { justifyContent: 'flex-start', paddingInlineStart: '24px', ':empty': { display: 'none' } },
  },
  details: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS} ${tokens.spacingVerticalXL} 32px`,
  },
  list: { listStyleType: 'none', margin: 0, padding: 0, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
});

/** What rows stand in. */
export function DetailRows({ children, label }: { children: ReactNode; label: string }) {
  const styles = useStyles();
  return (
    <ul className={styles.list} aria-label={label}>
      {children}
    </ul>
  );
}

interface DetailRowProps {
  name: string;
  /** Below the name, smaller. */
  note: string;
  aside: ReactNode;
  actions?: ReactNode;
  /** Shown once the row is opened; made only then. */
  children: ReactNode;
}

export function DetailRow({ name, note, aside, actions, children }: DetailRowProps) {
  const styles = useStyles();
  const details = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <h2 className={styles.heading}>
          <button
            type="button"
            className={styles.opener}
            aria-expanded={isOpen}
            aria-controls={details}
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            <ChevronRightRegular className={mergeClasses(styles.chevron, isOpen && styles.open)} aria-hidden="true" />
            <span className={styles.names}>
              <Text weight="semibold" className={styles.name}>
                {name}
              </Text>
              <Text size={200} className={styles.note}>
                {note}
              </Text>
            </span>
          </button>
        </h2>
        <div className={styles.aside}>{aside}</div>
        <div className={styles.actions}>{actions}</div>
      </div>
      <div id={details} hidden={!isOpen}>
        {isOpen && <div className={styles.details}>{children}</div>}
      </div>
    </li>
  );
}
