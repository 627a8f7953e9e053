/** What keeps every page from being up to date, for as long as it does, and that it is over. Stays in sight. */
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useServiceState } from '../api/context';
import { useHasEnded, useSignIn } from '../signIn/signIn';
import { HEADER_PIXELS } from './layout';

const useStyles = makeStyles({
  // Always there, or a screen reader would not read what comes into it.
  place: {
    position: 'sticky',
    top: `${HEADER_PIXELS.toString()}px`,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
  },
});

export function Banner() {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const service = useServiceState();
  const signIn = useSignIn();
  const state = useHasEnded() ? 'ended' : service;
  return (
    <div role="status" className={styles.place}>
      {state !== 'answers' && (
        <MessageBar intent={state === 'back' ? 'success' : 'warning'} layout="multiline" shape="square">
          <MessageBarBody>
            <MessageBarTitle>{t(`${state}.title`)}</MessageBarTitle>
            {t(`${state}.text`)}
          </MessageBarBody>
          {state === 'ended' && signIn.kind === 'entra' && (
            <MessageBarActions>
              <Button onClick={() => void signIn.signIn()}>{t('ended.action')}</Button>
            </MessageBarActions>
          )}
        </MessageBar>
      )}
    </div>
  );
}
