/** Every change of the organisation, newest first. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { contentOf, type Schemas } from './client';
import { useApi } from './context';
import { allItems, continuationOf, FIRST_PAGE } from './paging';
import { followedPages } from './queries';

export type AuditEntry = Schemas['AuditEntryAnswer'];
export type Actor = Schemas['ActorAnswer'];

export function useAuditLog() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['audit-log', 'entries'],
    queryFn: ({ pageParam, signal }) => contentOf(api.GET('/audit-log', { params: { query: pageParam }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: continuationOf,
    refetchInterval: followedPages,
    refetchOnWindowFocus: false,
  });
}

/** The names that ids of policies, apps, products and service plans have today. */
export type Names = ReadonlyMap<string, string>;

/** Names change seldom. */
const NAMES_MILLISECONDS = 60_000;

/** What the ids in the log are called today. What was deleted is not in it. */
export function useNames() {
  const api = useApi();
  return useQuery({
    queryKey: ['audit-log', 'names'],
    staleTime: NAMES_MILLISECONDS,
    queryFn: async ({ signal }): Promise<Names> => {
      const [policies, apps, products] = await Promise.all([
        allItems((query) => contentOf(api.GET('/policies', { params: { query }, signal }))),
        allItems((query) => contentOf(api.GET('/apps', { params: { query }, signal }))),
        allItems((query) => contentOf(api.GET('/products', { params: { query }, signal }))),
      ]);
      return new Map([
        ...products.flatMap(({ servicePlans }) =>
          servicePlans.map((plan): [string, string] => [plan.servicePlanId, plan.displayName]),
        ),
        ...products.map((product): [string, string] => [product.skuId, product.displayName]),
        ...apps.map((app): [string, string] => [app.id, app.name]),
        ...policies.map((policy): [string, string] => [policy.id, policy.name]),
      ]);
    },
  });
}
