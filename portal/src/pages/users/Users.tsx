/** Looks a user up by the beginning of an id or a name. The address keeps what was looked for. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { PersonSearchRegular, PersonQuestionMarkRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavigationType, useNavigationType, useSearchParams } from 'react-router';
import { isUserId } from '../../api/idsAndNames';
import { useMayManage } from '../../api/me';
import { useUsers } from '../../api/users';
import { EmptyState } from '../../components/EmptyState';
import { ErrorNote } from '../../components/ErrorNote';
import { ActionLink } from '../../components/ActionLink';
import { LoadingRows } from '../../components/LoadingRows';
import { PageHeader } from '../../components/PageHeader';
import { SearchField } from '../../components/SearchField';
import { ShowMore } from '../../components/ShowMore';
import { pathOf } from '../../components/user';
import { UserRows } from './UserRows';

/** How long nothing is typed before it is looked for. */
const PAUSE_MILLISECONDS = 250;
/** Users that are looked for without being asked, and pages read for them: a page may be short, or empty. */
const ENOUGH = 20;
const PAGES_MAX = 10;
/** What the API takes of a beginning. */
const TEXT_MAX = 256;

const useStyles = makeStyles({
  search: { width: '440px', maxWidth: '100%', marginBottom: tokens.spacingVerticalL },
  list: { display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: tokens.spacingVerticalL },
});

export function Users() {
  const styles = useStyles();
  const { t } = useTranslation('users');
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get('q') ?? '';
  const [text, setText] = useState(wanted);
  const [followed, setFollowed] = useState(wanted);
  const navigation = useNavigationType();
  if (wanted !== followed) {
    setFollowed(wanted);
    // What is written below replaces; else a link or the browser's Back leads here, and the field follows.
    if (navigation !== NavigationType.Replace) setText(wanted);
  }

  useEffect(() => {
    const next = text.trim();
    if (next === wanted) return undefined;
    const timer = setTimeout(() => {
      setParameters(next === '' ? {} : { q: next }, { replace: true });
    }, PAUSE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
    };
  }, [text, wanted, setParameters]);

  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <SearchField
        className={styles.search}
        size="large"
        label={t('search')}
        maxLength={TEXT_MAX}
        value={text}
        onChange={setText}
      />
      {wanted === '' ? (
        <EmptyState icon={<PersonSearchRegular />} text={t('start')} />
      ) : (
        <Found key={wanted} wanted={wanted} />
      )}
    </>
  );
}

function Found({ wanted }: { wanted: string }) {
  const styles = useStyles();
  const { t } = useTranslation('users');
  const users = useUsers(wanted);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isError } = users;
  // A user who was never seen has a page for whoever can assign a license there.
  const canOpen = useMayManage() && isUserId(wanted);
  const found = data?.pages.flatMap(({ value }) => value) ?? [];
  const goesOn =
    hasNextPage && !isError && found.length < ENOUGH && data !== undefined && data.pages.length < PAGES_MAX;

  useEffect(() => {
    if (goesOn && !isFetchingNextPage) void fetchNextPage();
  }, [goesOn, isFetchingNextPage, fetchNextPage]);

  if (users.error !== null && found.length === 0) {
    return <ErrorNote error={users.error} onRetry={() => void users.refetch()} />;
  }
  if (found.length === 0 && (users.isPending || goesOn)) return <LoadingRows />;
  return (
    <div className={styles.list}>
      {found.length === 0 && !hasNextPage ? (
        <EmptyState
          icon={<PersonQuestionMarkRegular />}
          title={t('none.title')}
          text={canOpen ? t('none.open', { text: wanted }) : t('none.text', { text: wanted })}
        >
          {canOpen && <ActionLink to={pathOf(wanted)}>{t('none.action', { id: wanted })}</ActionLink>}
        </EmptyState>
      ) : (
        <UserRows users={found} />
      )}
      {found.length === 0 && hasNextPage && <Text>{t('noneYet')}</Text>}
      {users.error !== null && <ErrorNote error={users.error} onRetry={() => void fetchNextPage()} />}
      {!goesOn && <ShowMore list={users} />}
    </div>
  );
}
