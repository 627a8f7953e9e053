/** What is not to be changed here: who made the policy and when, and how many licenses are left and held. */
import { makeStyles, Subtitle2, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Policy } from '../../api/policies';
import { useFormat } from '../../i18n/format';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 240px), 1fr))',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    margin: `${tokens.spacingVerticalM} 0 0`,
  },
  term: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

type Actor = Policy['createdBy'];

export function Facts({ policy }: { policy: Policy }) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const { number, moment } = useFormat();
  const nameOf = (actor: Actor): string => ('name' in actor && actor.name) || ('id' in actor && actor.id) || '';
  const facts: [term: string, value: string][] = [
    [t('facts.available'), number(policy.availableLicenses)],
    [t('facts.claimed'), number(policy.claimedLicenses)],
    [t('facts.created'), t('facts.by', { at: moment(policy.createdAt), who: nameOf(policy.createdBy) })],
    [t('facts.modified'), t('facts.by', { at: moment(policy.modifiedAt), who: nameOf(policy.modifiedBy) })],
  ];
  return (
    <section aria-labelledby="policy-facts">
      <Subtitle2 as="h3" id="policy-facts">
        {t('facts.title')}
      </Subtitle2>
      <dl className={styles.list}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt className={styles.term}>{term}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
