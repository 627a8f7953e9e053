/** What went wrong, in the reader's language, with a way to try again. */
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/errors';

const useStyles = makeStyles({
  reference: { display: 'block', color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
});

/**
 * The sentence for an error: by its code, or else what the service itself said, which is English. Where something was only
 * read, it does not speak of a change.
 */
export function useErrorText(): (error: Error, isReading?: boolean) => string {
  const { t, i18n } = useTranslation('errors');
  return (error, isReading = false) => {
    const code = error instanceof ApiError ? error.code : '';
    const keys = [...(isReading ? [`reading.${code}`] : []), `code.${code}`];
    const key = keys.find((each) => i18n.exists(each, { ns: 'errors' }));
    return key === undefined ? error.message : t(key as 'code.ServiceAway');
  };
}

interface ErrorNoteProps {
  error: Error;
  /** Tries again what was only read. */
  onRetry?: () => void;
}

export function ErrorNote({ error, onRetry }: ErrorNoteProps) {
  const styles = useStyles();
  const { t } = useTranslation(['errors', 'common']);
  const textOf = useErrorText();
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t('title')}</MessageBarTitle>
        {textOf(error, onRetry !== undefined)}
        {error instanceof ApiError && error.status > 0 && (
          <Text size={200} className={styles.reference}>
            {error.requestId === undefined
              ? t('reference', { code: error.code })
              : t('referenceWithRequest', { code: error.code, request: error.requestId })}
          </Text>
        )}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button onClick={onRetry}>{t('common:tryAgain')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
