/** Whether the service is well, and whether its rows say what its journal says. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { contentOf, type Schemas } from './client';
import { useApi } from './context';
import { continuationOf, FIRST_PAGE } from './paging';
import { POLL_MILLISECONDS } from './queries';

export type Health = Schemas['HealthAnswer'];
export type Integrity = Schemas['IntegrityAnswer'];

export function useHealth() {
  const api = useApi();
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => contentOf(api.GET('/health', { signal })),
    refetchInterval: POLL_MILLISECONDS,
  });
}

/** A check of integrity, a bounded step a page; it begins with `refetch` and goes on with `fetchNextPage`. Managers only. */
export function useIntegrity() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['integrity'],
    queryFn: ({ pageParam, signal }) => contentOf(api.GET('/integrity', { params: { query: pageParam }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: continuationOf,
    enabled: false,
  });
}
