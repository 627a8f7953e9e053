/** Users, and the licenses that they hold. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { contentOf, type Schemas } from './client';
import { useApi } from './context';
import { continuationOf, FIRST_PAGE } from './paging';
import { POLL_MILLISECONDS } from './queries';

export type User = Schemas['UserAnswer'];
export type License = Schemas['LicenseAnswer'];

const KEY = ['users'];

/** Users whose id or names begin so, a page at a time; pages may be short. An empty beginning asks nothing. */
export function useUsers(startsWith: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...KEY, 'found', startsWith],
    queryFn: ({ pageParam, signal }) =>
      contentOf(api.GET('/users', { params: { query: { startsWith, ...pageParam } }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: continuationOf,
    enabled: startsWith !== '',
  });
}

/** All licenses of a user; a user never seen has none. */
export function useUserLicenses(userId: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...KEY, userId, 'licenses'],
    queryFn: ({ signal }) => contentOf(api.GET('/users/{userId}/licenses', { params: { path: { userId } }, signal })),
    refetchInterval: POLL_MILLISECONDS,
  });
}

/** What is shown elsewhere of users' licenses: how many are left. */
function useInvalidation(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all([KEY, ['products'], ['policies']].map((queryKey) => queries.invalidateQueries({ queryKey })));
}

/** Assigns a license, or changes what is off in one that the user holds. */
export function useAssignLicense() {
  const api = useApi();
  const invalidate = useInvalidation();
  return useMutation({
    mutationFn: ({ userId, skuId, ...license }: Schemas['LicenseWrite'] & { userId: string; skuId: string }) =>
      contentOf(api.PUT('/users/{userId}/licenses/{skuId}', { params: { path: { userId, skuId } }, body: license })),
    onSettled: invalidate,
  });
}

/** Takes one license back. The user can claim again at the next sign-in. */
export function useTakeLicenseBack() {
  const api = useApi();
  const invalidate = useInvalidation();
  return useMutation({
    mutationFn: (path: { userId: string; skuId: string }) =>
      contentOf(api.DELETE('/users/{userId}/licenses/{skuId}', { params: { path } })),
    onSettled: invalidate,
  });
}

/** Takes all licenses of a user back. */
export function useTakeAllLicensesBack() {
  const api = useApi();
  const invalidate = useInvalidation();
  return useMutation({
    mutationFn: (path: { userId: string }) => contentOf(api.DELETE('/users/{userId}/licenses', { params: { path } })),
    onSettled: invalidate,
  });
}
