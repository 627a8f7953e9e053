/** Says that the service does not answer, for as long as it does not, and that it does again. Stays in sight. */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useServiceState } from '../api/context';
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

export function AwayBanner() {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const state = useServiceState();
  return (
    <div role="status" className={styles.place}>
      {state !== 'answers' && (
        <MessageBar intent={state === 'away' ? 'warning' : 'success'} layout="multiline" shape="square">
          <MessageBarBody>
            <MessageBarTitle>{t(`${state}.title`)}</MessageBarTitle>
            {t(`${state}.text`)}
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}
