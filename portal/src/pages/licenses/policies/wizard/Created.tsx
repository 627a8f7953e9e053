/** The end of the wizard: the policy is there. */
import { makeStyles, Subtitle1, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular } from '@fluentui/react-icons';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Policy } from '../../../../api/policies';
import { ActionLink } from '../../../../components/ActionLink';

const useStyles = makeStyles({
  all: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: tokens.spacingVerticalM,
    maxWidth: '640px',
    overflowWrap: 'anywhere',
  },
  icon: { fontSize: '48px', color: tokens.colorStatusSuccessForeground1 },
  // The focus comes here by itself only; no key leads here, so it needs no ring.
  title: { outline: 'none' },
  text: { color: tokens.colorNeutralForeground2 },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, marginTop: tokens.spacingVerticalM },
});

export function Created({ policy }: { policy: Policy }) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className={styles.all}>
      <CheckmarkCircleRegular className={styles.icon} aria-hidden="true" />
      <h2 ref={heading} tabIndex={-1} className={styles.title}>
        <Subtitle1>{t('created.title', { policy: policy.name })}</Subtitle1>
      </h2>
      <Text className={styles.text}>
        {t('created.text', { app: policy.appName, product: policy.products[0]?.displayName ?? '' })}
      </Text>
      <div className={styles.actions}>
        <ActionLink appearance="primary" to="/licenses/policies">
          {t('close')}
        </ActionLink>
        <ActionLink to={`/licenses/policies/${policy.id}`}>{t('created.view')}</ActionLink>
      </div>
    </div>
  );
}
