/** One entry: what was done, by whom, when, and what changed. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import {
  AppGenericRegular,
  BoxRegular,
  ClipboardTaskListLtrRegular,
  PersonRegular,
  SettingsRegular,
  TicketDiagonalRegular,
} from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/audit';
import { useFormat } from '../../i18n/format';
import { Changes } from './Changes';
import type { FieldChange } from './useChanges';

const ICONS: Readonly<Record<string, typeof PersonRegular>> = {
  settings: SettingsRegular,
  app: AppGenericRegular,
  product: BoxRegular,
  policy: ClipboardTaskListLtrRegular,
  license: TicketDiagonalRegular,
};

const useStyles = makeStyles({
  entry: {
    display: 'grid',
    gridTemplateColumns: '32px minmax(0, 1fr) auto',
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    '@media (max-width: 640px)': { gridTemplateColumns: '32px minmax(0, 1fr)' },
  },
  icon: {
    display: 'grid',
    placeItems: 'center',
    width: '32px',
    height: '32px',
    borderRadius: tokens.borderRadiusCircular,
    fontSize: '18px',
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorBrandBackground2,
  },
  what: { minWidth: 0, '@media (max-width: 640px)': { gridColumn: 2, gridRow: 2 } },
  sentence: { overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  when: {
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    '@media (max-width: 640px)': { gridColumn: 2, gridRow: 1 },
  },
  summary: {
    width: 'fit-content',
    marginTop: tokens.spacingVerticalXS,
    color: tokens.colorBrandForegroundLink,
    cursor: 'pointer',
  },
});

interface EntryProps {
  entry: AuditEntry;
  sentence: string;
  changes: readonly FieldChange[];
}

export function Entry({ entry, sentence, changes }: EntryProps) {
  const styles = useStyles();
  const { t } = useTranslation('audit');
  const { moment } = useFormat();
  const [kind, verb] = entry.action.split('.');
  const Icon = ICONS[kind ?? ''] ?? PersonRegular;
  const { actor } = entry;
  // What was changed is shown at once; what a new thing is made of is long, and asked for seldom.
  const isOpen = verb === 'updated' || verb === 'changed';
  return (
    <li className={styles.entry}>
      <span className={styles.icon} aria-hidden="true">
        <Icon />
      </span>
      <div className={styles.what}>
        <Text block weight="semibold" className={styles.sentence}>
          {sentence}
        </Text>
        <Text block size={200} className={styles.quiet}>
          {actor.kind === 'signIn' ? t('bySignIn') : t('by', { name: actor.name ?? actor.id ?? '' })}
        </Text>
        {changes.length > 0 &&
          (isOpen ? (
            <Changes changes={changes} />
          ) : (
            <details>
              <summary className={styles.summary}>{t('details')}</summary>
              <Changes changes={changes} />
            </details>
          ))}
      </div>
      <time dateTime={entry.at} className={styles.when}>
        {moment(entry.at)}
      </time>
    </li>
  );
}
