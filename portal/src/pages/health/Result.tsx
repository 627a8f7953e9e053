/** What a check has found, which should be nothing. */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { IntegrityProgress } from '../../api/health';
import { useFormat } from '../../i18n/format';

/** More than these help nobody; the number is told in full. */
const SHOWN_MAX = 100;

const KINDS = [
  'lostHead',
  'lostUser',
  'journalGap',
  'doubleEntry',
  'wrongCount',
  'wrongDigest',
  'wrongJournal',
  'wrongDay',
] as const;

const useStyles = makeStyles({
  list: {
    margin: `${tokens.spacingVerticalM} 0 0`,
    padding: 0,
    listStyleType: 'none',
    display: 'grid',
    gap: tokens.spacingVerticalM,
  },
  quiet: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
});

export function Result({ progress }: { progress: IntegrityProgress }) {
  const styles = useStyles();
  const { t } = useTranslation('health');
  const { moment, number } = useFormat();
  const { discrepancies } = progress;
  const isWell = progress.ok && discrepancies.length === 0;
  return (
    <>
      <MessageBar intent={isWell ? 'success' : 'error'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>
            {isWell ? t('result.well') : t('result.ill', { count: discrepancies.length })}
          </MessageBarTitle>
          {isWell ? t('result.wellText', { at: moment(progress.checkedAt) }) : t('result.illText')}
        </MessageBarBody>
      </MessageBar>
      {discrepancies.length > 0 && (
        <ul className={styles.list}>
          {discrepancies.slice(0, SHOWN_MAX).map((each, index) => {
            const kind = KINDS.find((known) => known === each.kind);
            return (
              <li key={index}>
                <Text block weight="semibold">
                  {kind === undefined ? each.kind : t(`kinds.${kind}`)}
                </Text>
                <Text block lang="en">
                  {each.message}
                </Text>
                <Text block size={200} className={styles.quiet}>
                  {each.target}
                </Text>
              </li>
            );
          })}
        </ul>
      )}
      {discrepancies.length > SHOWN_MAX && (
        <Text className={styles.quiet}>
          {t('result.more', {
            count: discrepancies.length - SHOWN_MAX,
            number: number(discrepancies.length - SHOWN_MAX),
          })}
        </Text>
      )}
    </>
  );
}
