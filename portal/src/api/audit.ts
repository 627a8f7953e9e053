/** Every change of the organisation, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { contentOf, type Schemas } from './client';
import { useApi } from './context';
import { continuationOf, FIRST_PAGE } from './paging';

export type AuditEntry = Schemas['AuditEntryAnswer'];
export type Actor = Schemas['ActorAnswer'];

export function useAuditLog() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['audit-log'],
    queryFn: ({ pageParam, signal }) => contentOf(api.GET('/audit-log', { params: { query: pageParam }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: continuationOf,
  });
}
