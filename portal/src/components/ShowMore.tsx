/** The way to a list's next page. A page may be empty and still have a next: the button stays until there is none. */
import { Button, Spinner } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';

interface ShowMoreProps {
  /** What useInfiniteQuery gives. */
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

export function ShowMore({ list }: ShowMoreProps) {
  const { t } = useTranslation('common');
  if (!list.hasNextPage) return null;
  return (
    <Button
      disabledFocusable={list.isFetchingNextPage}
      {...(list.isFetchingNextPage && { icon: <Spinner size="tiny" /> })}
      onClick={() => void list.fetchNextPage()}
    >
      {t('showMore')}
    </Button>
  );
}
