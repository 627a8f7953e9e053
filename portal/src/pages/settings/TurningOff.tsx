/** What turning the switch off stops, and what it leaves alone. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular, SubtractCircleRegular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))',
    gap: `${tokens.spacingVerticalL} 40px`,
  },
  list: {
    listStyleType: 'none',
    margin: `${tokens.spacingVerticalS} 0 0`,
    padding: 0,
    display: 'grid',
    gap: tokens.spacingVerticalS,
  },
  item: {
    display: 'grid',
    gridTemplateColumns: '20px 1fr',
    gap: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground2,
  },
  icon: { fontSize: '20px', color: tokens.colorNeutralForeground3 },
});

export function TurningOff() {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  return (
    <div className={styles.all}>
      <Text as="h3" weight="semibold">
        {t('whenOff')}
      </Text>
      <div className={styles.columns}>
        <Effects
          title={t('stops')}
          icon={<SubtractCircleRegular className={styles.icon} aria-hidden="true" />}
          effects={[t('stopsClaims'), t('stopsNew')]}
        />
        <Effects
          title={t('stays')}
          icon={<CheckmarkCircleRegular className={styles.icon} aria-hidden="true" />}
          effects={[t('staysLicenses'), t('staysPolicies'), t('staysReports')]}
        />
      </div>
    </div>
  );
}

function Effects({ title, icon, effects }: { title: string; icon: ReactElement; effects: string[] }) {
  const styles = useStyles();
  return (
    <div>
      <Text weight="semibold" size={200}>
        {title}
      </Text>
      <ul className={styles.list}>
        {effects.map((effect) => (
          <li key={effect} className={styles.item}>
            {icon}
            <Text>{effect}</Text>
          </li>
        ))}
      </ul>
    </div>
  );
}
