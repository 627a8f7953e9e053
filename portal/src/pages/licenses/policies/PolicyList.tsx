/** The list with what stands above it: what can be done, what is searched for, and how many are shown. */
import { makeStyles, Select, Text, tokens } from '@fluentui/react-components';
import { AddRegular, DataBarVerticalRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Policy } from '../../../api/policies';
import { useFormat } from '../../../i18n/format';
import { ActionLink } from '../../../components/ActionLink';
import { SearchField } from '../../../components/SearchField';
import { type Column, COLUMNS, isFound, type Sort, type Status, statusOf, STATUSES, useSteadyOrder } from './order';
import { PolicyTable } from './PolicyTable';
import { cards } from './width';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    marginBottom: tokens.spacingVerticalL,
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, flexGrow: 1 },
  filters: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    '@media (max-width: 560px)': { width: '100%' },
  },
  search: { minWidth: 0, width: '260px', '@media (max-width: 560px)': { width: '100%' } },
  status: { '@media (max-width: 560px)': { width: '100%' } },
  // Where there are columns, their names sort.
  sort: { display: 'none', [cards]: { display: 'inline-flex' }, '@media (max-width: 560px)': { width: '100%' } },
  note: { color: tokens.colorNeutralForeground3 },
  count: { display: 'block', marginTop: tokens.spacingVerticalM, color: tokens.colorNeutralForeground3 },
});

interface PolicyListProps {
  policies: Policy[];
  isSettingOn: boolean;
  mayManage: boolean;
  /** The policy whose pane is open. */
  shown: string | undefined;
}

export function PolicyList({ policies, isSettingOn, mayManage, shown }: PolicyListProps) {
  const styles = useStyles();
  const { t, i18n } = useTranslation(['policies', 'common']);
  const { number } = useFormat();
  const [text, setText] = useState('');
  const [status, setStatus] = useState<Status | 'all'>('all');
  const [sort, setSort] = useState<Sort>({ column: 'name', isDescending: false });
  const ordered = useSteadyOrder(policies, sort, i18n.language);
  const offered = STATUSES.filter((each) => each !== (isSettingOn ? 'waiting' : 'on'));
  // What was chosen goes when the setting is turned: no policy has that status any more.
  const wanted = status !== 'all' && offered.includes(status) ? status : 'all';
  const found = ordered.filter(
    (policy) => isFound(policy, text) && (wanted === 'all' || statusOf(policy, isSettingOn) === wanted),
  );

  return (
    <>
      <div className={styles.bar}>
        <div className={styles.actions}>
          {mayManage && isSettingOn && (
            <ActionLink appearance="primary" icon={<AddRegular />} to="/licenses/policies/new">
              {t('add')}
            </ActionLink>
          )}
          <ActionLink icon={<DataBarVerticalRegular />} to="/report">
            {t('viewReport')}
          </ActionLink>
        </div>
        <div className={styles.filters} role="search">
          <SearchField className={styles.search} label={t('search')} value={text} onChange={setText} />
          <Select
            className={styles.status}
            aria-label={t('columns.status')}
            value={wanted}
            onChange={(_event, { value }) => {
              setStatus(value as Status | 'all');
            }}
          >
            <option value="all">{t('statuses.all')}</option>
            {offered.map((each) => (
              <option key={each} value={each}>
                {t(`statuses.${each}`)}
              </option>
            ))}
          </Select>
          <Select
            className={styles.sort}
            aria-label={t('sort')}
            value={sort.column}
            onChange={(_event, { value }) => {
              setSort({ column: value as Column, isDescending: false });
            }}
          >
            {COLUMNS.map((column) => (
              <option key={column} value={column}>
                {t('sortBy', { column: t(`columns.${column}`) })}
              </option>
            ))}
          </Select>
        </div>
      </div>
      <PolicyTable policies={found} isSettingOn={isSettingOn} shown={shown} sort={sort} onSort={setSort} />
      <Text role="status" size={200} className={styles.count}>
        {found.length === 0
          ? t('noneFound')
          : t('count', { count: policies.length, shown: number(found.length), all: number(policies.length) })}
      </Text>
      {!mayManage && (
        <Text size={200} className={styles.note}>
          {t('common:readOnly')}
        </Text>
      )}
    </>
  );
}
