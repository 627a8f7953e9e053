/** Who changed what, newest first. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { HistoryRegular } from '@fluentui/react-icons';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditEntry, type Names, useAuditLog, useNames } from '../../api/audit';
import { EmptyState } from '../../components/EmptyState';
import { ErrorNote } from '../../components/ErrorNote';
import { LoadingRows } from '../../components/LoadingRows';
import { PageHeader } from '../../components/PageHeader';
import { ShowMore } from '../../components/ShowMore';
import { Entry } from './Entry';
import { namesOf } from './fields';
import { useChanges } from './useChanges';
import { useSentence } from './useSentence';

const NO_NAMES: Names = new Map();

const useStyles = makeStyles({
  list: {
    listStyleType: 'none',
    margin: `0 0 ${tokens.spacingVerticalL}`,
    padding: 0,
    maxWidth: '960px',
  },
});

export function Audit() {
  const { t } = useTranslation('audit');
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <Log />
    </>
  );
}

function Log() {
  const { t } = useTranslation('audit');
  const log = useAuditLog();
  const names = useNames();
  const pages = log.data?.pages;
  const entries = useMemo(() => (pages ?? []).flatMap((page) => page.value), [pages]);

  // Without names it would show ids first, and names after a blink.
  if (log.isPending || names.isPending) return <LoadingRows rows={10} />;
  const error = log.error ?? names.error;
  return (
    <>
      {error !== null && <ErrorNote error={error} onRetry={() => void Promise.all([log.refetch(), names.refetch()])} />}
      {log.data !== undefined && entries.length === 0 && !log.hasNextPage && (
        <EmptyState icon={<HistoryRegular />} title={t('empty.title')} text={t('empty.text')} />
      )}
      <Entries entries={entries} today={names.data ?? NO_NAMES} />
      <ShowMore list={log} />
    </>
  );
}

function Entries({ entries, today }: { entries: readonly AuditEntry[]; today: Names }) {
  const styles = useStyles();
  const names = useMemo(() => namesOf(today, entries), [today, entries]);
  const sentenceOf = useSentence(names);
  const changesOf = useChanges(names);
  if (entries.length === 0) return null;
  return (
    <ol className={styles.list}>
      {entries.map((entry) => (
        <Entry
          key={`${entry.sequence.toString()} ${entry.action} ${entry.target}`}
          entry={entry}
          sentence={sentenceOf(entry)}
          changes={changesOf(entry)}
        />
      ))}
    </ol>
  );
}
