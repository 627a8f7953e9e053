/** In the middle of a page or a list that has nothing to show: why, and what to do. */
import { makeStyles, Subtitle1, Text, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  all: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: tokens.spacingVerticalM,
    padding: '56px 16px',
    textAlign: 'center',
  },
  icon: {
    display: 'grid',
    placeItems: 'center',
    width: '72px',
    height: '72px',
    borderRadius: tokens.borderRadiusCircular,
    fontSize: '36px',
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorBrandBackground2,
  },
  text: { maxWidth: '480px', color: tokens.colorNeutralForeground2 },
  note: { maxWidth: '480px', color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'center',
    gap: tokens.spacingHorizontalS,
    marginTop: tokens.spacingVerticalS,
  },
});

interface EmptyStateProps {
  icon: ReactElement;
  /** A heading of its own, where the page's title does not say it. */
  title?: string;
  text: string;
  /** Smaller, such as a technical reason. */
  note?: string;
  /** Buttons. */
  children?: ReactNode;
}

export function EmptyState({ icon, title, text, note, children }: EmptyStateProps) {
  const styles = useStyles();
  return (
    <div className={styles.all}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      {title !== undefined && <Subtitle1 as="h2">{title}</Subtitle1>}
      <Text className={styles.text}>{text}</Text>
      {note !== undefined && (
        <Text size={200} className={styles.note}>
          {note}
        </Text>
      )}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
