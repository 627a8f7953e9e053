/** A page's title, what it is about, and its actions. Names the browser's tab, and takes the focus after navigation. */
import { makeStyles, Text, tokens, typographyStyles } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';

const useStyles = makeStyles({
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: tokens.spacingVerticalM,
    marginBottom: tokens.spacingVerticalXL,
  },
  words: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, maxWidth: '720px' },
  // The focus comes here by itself only; no key leads here, so it needs no ring.
  title: { ...typographyStyles.title2, outline: 'none', overflowWrap: 'anywhere' },
  description: { color: tokens.colorNeutralForeground2 },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

interface PageHeaderProps {
  title: string;
  description?: string;
  /** The tab's name where it says more than the title does. */
  tabName?: string;
  /** Buttons, at the right or below. */
  children?: ReactNode;
}

export function PageHeader({ title, description, tabName, children }: PageHeaderProps) {
  const styles = useStyles();
  const { t } = useTranslation('common');
  const heading = useRef<HTMLHeadingElement>(null);
  // The first page leaves the focus where the browser has it.
  const isFirst = useLocation().key === 'default';
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    // Once, when the page comes: what happens on it moves no focus.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <div className={styles.header}>
      <title>{t('pageTitle', { page: tabName ?? title })}</title>
      <div className={styles.words}>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {description !== undefined && <Text className={styles.description}>{description}</Text>}
      </div>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
