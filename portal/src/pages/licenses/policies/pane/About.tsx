/** What is not to be changed here: who made the policy and when, and how many licenses are left and held. */
import { makeStyles, Subtitle2, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Actor } from '../../../../api/audit';
import type { Policy } from '../../../../api/policies';
import { Fact, Facts } from '../../../../components/Facts';
import { useFormat } from '../../../../i18n/format';

const useStyles = makeStyles({ all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM } });

export function About({ policy }: { policy: Policy }) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const { number, moment } = useFormat();
  const nameOf = (actor: Actor): string => ('name' in actor && actor.name) || ('id' in actor && actor.id) || '';
  return (
    <section className={styles.all} aria-labelledby="policy-facts">
      <Subtitle2 as="h3" id="policy-facts">
        {t('facts.title')}
      </Subtitle2>
      <Facts>
        <Fact name={t('facts.available')}>{number(policy.availableLicenses)}</Fact>
        <Fact name={t('facts.claimed')}>{number(policy.claimedLicenses)}</Fact>
        <Fact name={t('facts.created')}>
          {t('facts.by', { at: moment(policy.createdAt), who: nameOf(policy.createdBy) })}
        </Fact>
        <Fact name={t('facts.modified')}>
          {t('facts.by', { at: moment(policy.modifiedAt), who: nameOf(policy.modifiedBy) })}
        </Fact>
      </Facts>
    </section>
  );
}
