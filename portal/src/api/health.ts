/** Whether the service is well, and whether its rows say what its journal says. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { contentOf, type Schemas } from './client';
import { useApi } from './context';
import { type Continuation, continuationOf, FIRST_PAGE } from './paging';
import { followed } from './queries';

export type Integrity = Schemas['IntegrityAnswer'];

export function useHealth() {
  const api = useApi();
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => contentOf(api.GET('/health', { signal })),
    refetchInterval: followed(),
  });
}

/** The most calls of one check: many times what the largest organisation takes. */
export const CHECK_CALLS_MAX = 10_000;

/** How far a check has come: the numbers of all calls so far, and everything that they found. */
export interface IntegrityProgress extends Integrity {
  calls: number;
}

/**
 * Runs a whole check, a bounded step a call, until it is complete or the signal ends it. Managers only.
 *
 * Too many changes meanwhile make the service begin again by itself; what was found before then no longer counts.
 */
export function useIntegrityCheck(): (
  signal: AbortSignal,
  onProgress: (progress: IntegrityProgress) => void,
) => Promise<void> {
  const api = useApi();
  const queries = useQueryClient();
  return async (signal, onProgress) => {
    const began = Date.now();
    let continuation: Continuation | undefined = FIRST_PAGE;
    let last: IntegrityProgress | undefined;
    for (let calls = 1; calls <= CHECK_CALLS_MAX && continuation !== undefined; calls += 1) {
      const query = continuation;
      // Through the query client, which tries again where the service is too busy for a step.
      const step: Integrity = await queries.query({
        queryKey: ['integrity', began, calls],
        gcTime: 0,
        queryFn: () => contentOf(api.GET('/integrity', { params: { query }, signal })),
      });
      const hasBegunAgain = last !== undefined && step.users + step.journalEntries < last.users + last.journalEntries;
      const before = last === undefined || hasBegunAgain ? [] : last.discrepancies;
      last = { ...step, discrepancies: [...before, ...step.discrepancies], calls };
      onProgress(last);
      continuation = continuationOf(step);
    }
    if (continuation !== undefined)
      throw new Error(`the check was not complete after ${CHECK_CALLS_MAX.toString()} calls`);
  };
}
