/** Users, and the licenses that they hold. */
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { contentOf, type Schemas } from './client';
import { useApi } from './context';
import { continuationOf, FIRST_PAGE } from './paging';
import { followed, useReadAgain } from './queries';

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
    // A page of users is a search through many; it is not done again for each return to the tab.
    refetchOnWindowFocus: false,
  });
}

/** All licenses of a user; a user never seen has none. */
export function useUserLicenses(userId: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...KEY, userId, 'licenses'],
    queryFn: ({ signal }) => contentOf(api.GET('/users/{userId}/licenses', { params: { path: { userId } }, signal })),
    refetchInterval: followed(),
  });
}

/** What shows licenses: of users, and how many are left. */
const SHOWING = [KEY, ['products'], ['policies']] as const;

/** Assigns a license, or changes what is off in one that the user holds. */
export function useAssignLicense() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ userId, skuId, ...license }: Schemas['LicenseWrite'] & { userId: string; skuId: string }) =>
      contentOf(api.PUT('/users/{userId}/licenses/{skuId}', { params: { path: { userId, skuId } }, body: license })),
    ...useReadAgain(...SHOWING),
  });
}

/** Takes one license back. The user can claim again at the next sign-in. */
export function useTakeLicenseBack() {
  const api = useApi();
  return useMutation({
    mutationFn: (path: { userId: string; skuId: string }) =>
      contentOf(api.DELETE('/users/{userId}/licenses/{skuId}', { params: { path } })),
    ...useReadAgain(...SHOWING),
  });
}

/** Takes all licenses of a user back. */
export function useTakeAllLicensesBack() {
  const api = useApi();
  return useMutation({
    mutationFn: (path: { userId: string }) => contentOf(api.DELETE('/users/{userId}/licenses', { params: { path } })),
    ...useReadAgain(...SHOWING),
  });
}
