/** Who claimed which license: of one policy, or of a report's period. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { contentOf, FILE_TYPE, type Schemas } from './client';
import { useApi } from './context';
import { continuationOf, FIRST_PAGE } from './paging';
import { followedPages } from './queries';
import type { Period } from './reports';

export type Claim = Schemas['ClaimAnswer'];
export type ClaimedLicense = Schemas['PolicyClaimAnswer'];

export interface ClaimFilter {
  period: Period;
  policyId?: string;
}

/** Who claimed under a policy, newest first, a page at a time; follows new claims while few pages are shown. */
export function usePolicyClaims(policyId: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['policies', policyId, 'claims'],
    queryFn: ({ pageParam, signal }) =>
      contentOf(api.GET('/policies/{policyId}/claims', { params: { path: { policyId }, query: pageParam }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: continuationOf,
    refetchInterval: followedPages,
    refetchOnWindowFocus: false,
  });
}

/** After the first page, whoever asks for more wants many. */
const FURTHER_ROWS = 500;

/** Every license that a policy assigned in the period, newest first, a page at a time. */
export function useClaimedLicenses(filter: ClaimFilter) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['reports', 'licenses', filter],
    queryFn: ({ pageParam, signal }) =>
      contentOf<Schemas['PolicyClaimList']>(
        // The document knows two kinds of answer; without another Accept it is the list.
        api.GET('/reports/auto-claim/licenses', {
          params: { query: { ...filter, ...pageParam } },
          signal,
        }) as Promise<{ data?: Schemas['PolicyClaimList']; response: Response }>,
      ),
    initialPageParam: FIRST_PAGE,
    refetchOnWindowFocus: false,
    getNextPageParam: (page) => {
      const next = continuationOf(page);
      return next && { ...next, top: FURTHER_ROWS };
    },
  });
}

/** The same as a file, whole: at most 100,000 rows, else ApiError `ExportTooLarge`. */
export function useClaimedLicensesFile() {
  const api = useApi();
  return useMutation({
    mutationFn: (filter: ClaimFilter) =>
      contentOf<Blob>(
        api.GET('/reports/auto-claim/licenses', {
          params: { query: filter },
          headers: { Accept: FILE_TYPE },
          parseAs: 'blob',
        }),
      ),
  });
}
