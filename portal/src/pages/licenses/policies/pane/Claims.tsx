/** Who claimed a license under the policy, newest first, and the way to what else they have. */
import { Badge, makeStyles, Text, tokens } from '@fluentui/react-components';
import { PersonRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Claim, usePolicyClaims } from '../../../../api/claims';
import type { Policy } from '../../../../api/policies';
import { EmptyState } from '../../../../components/EmptyState';
import { ShowMore } from '../../../../components/ShowMore';
import { nameOf, pathOf, secondNameOf } from '../../../../components/user';
import { Waiting } from '../../../../components/Waiting';
import { useFormat } from '../../../../i18n/format';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: `0 0 ${tokens.spacingVerticalL}`, padding: 0 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalL}`,
    padding: `${tokens.spacingVerticalM} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  person: { flexGrow: 1, flexBasis: '200px', minWidth: 0, overflowWrap: 'anywhere' },
  license: { flexGrow: 1, flexBasis: '240px', minWidth: 0, overflowWrap: 'anywhere' },
  link: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    ':hover': { textDecorationLine: 'underline' },
  },
  quiet: { display: 'block', color: tokens.colorNeutralForeground3 },
  summary: { color: tokens.colorNeutralForeground2 },
});

export function Claims({ policy }: { policy: Policy }) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const { number } = useFormat();
  const claims = usePolicyClaims(policy.id);
  if (claims.data === undefined) return <Waiting queries={[claims]} />;
  const rows = claims.data.pages.flatMap(({ value }) => value);
  if (rows.length === 0 && !claims.hasNextPage) {
    return <EmptyState icon={<PersonRegular />} text={t('claims.none', { app: policy.appName })} />;
  }
  return (
    <>
      <Text className={styles.summary}>
        {t('claims.held', { count: policy.claimedLicenses, number: number(policy.claimedLicenses) })}
      </Text>
      <ul className={styles.list}>
        {rows.map((claim) => (
          <Row key={`${claim.claimedAt} ${claim.userId} ${claim.skuId}`} claim={claim} />
        ))}
      </ul>
      <ShowMore list={claims} />
    </>
  );
}

function Row({ claim }: { claim: Claim }) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const { moment } = useFormat();
  const second = secondNameOf(claim);
  return (
    <li className={styles.row}>
      <div className={styles.person}>
        <Link className={styles.link} to={pathOf(claim.userId)}>
          {nameOf(claim)}
        </Link>
        {second !== undefined && (
          <Text size={200} className={styles.quiet}>
            {second}
          </Text>
        )}
      </div>
      <div className={styles.license}>
        <Text>
          {claim.productName}{' '}
          {!claim.held && (
            <Badge appearance="tint" color="informative">
              {t('claims.takenBack')}
            </Badge>
          )}
        </Text>
        <Text size={200} className={styles.quiet}>
          {t('claims.when', {
            at: moment(claim.claimedAt),
            order:
              claim.assigningOrder === 1
                ? t('products.primary')
                : t('products.backup', { place: claim.assigningOrder - 1 }),
          })}
        </Text>
      </div>
    </li>
  );
}
