/** Auto-claim policies. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { contentOf, ifMatch, type Schemas } from './client';
import { useApi } from './context';
import { allItems } from './paging';
import { followed, useReadAgain } from './queries';

export type Policy = Schemas['PolicyAnswer'];

/** The most products of a policy: a primary one and four backups. */
export const POLICY_PRODUCTS_MAX = 5;

const KEY = ['policies'];
const keyOf = (id: string) => [...KEY, id];

/** All policies, by name; read again every few seconds while they are looked at. */
export function usePolicies() {
  const api = useApi();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => allItems((query) => contentOf(api.GET('/policies', { params: { query }, signal }))),
    refetchInterval: followed(),
  });
}

/** One policy. Its `etag` says which version was read: a save sends it back. */
export function usePolicy(policyId: string) {
  const api = useApi();
  return useQuery({
    queryKey: keyOf(policyId),
    queryFn: ({ signal }) => contentOf(api.GET('/policies/{policyId}', { params: { path: { policyId } }, signal })),
    refetchInterval: followed(),
  });
}

export function useCreatePolicy() {
  const api = useApi();
  return useMutation({
    mutationFn: (policy: Schemas['PolicyCreation']) => contentOf(api.POST('/policies', { body: policy })),
    ...useReadAgain(KEY),
  });
}

/** Saves what changed, if nobody else has saved since this ETag: else it fails with a StaleError. */
export function useUpdatePolicy() {
  const api = useApi();
  const queries = useQueryClient();
  // Products too: what one has inside may be why a save was refused.
  const readAgain = useReadAgain(KEY, ['products']);
  return useMutation({
    mutationFn: ({ id, etag, change }: { id: string; etag: string; change: Schemas['PolicyUpdate'] }) =>
      contentOf(
        api.PATCH('/policies/{policyId}', {
          params: { path: { policyId: id }, header: ifMatch(etag) },
          body: change,
        }),
      ),
    ...readAgain,
    onSuccess: (policy) => {
      queries.setQueryData<Policy>(keyOf(policy.id), policy);
      readAgain.onSuccess();
    },
  });
}

export function useDeletePolicy() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      contentOf(api.DELETE('/policies/{policyId}', { params: { path: { policyId: id }, header: ifMatch(etag) } })),
    ...useReadAgain(KEY),
    // The list alone: the policy itself would be found gone, and said to be, before its pane has closed.
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: KEY, exact: true });
    },
  });
}
