/** How long answers are kept, when they are asked for again, and what is tried twice: the same for every page. */
import { QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { ApiError, UNAVAILABLE } from './errors';

/** How often a list that is looked at is read again, so that its numbers follow a storm of sign-ins. */
const POLL_MILLISECONDS = 4000;
/** What changes seldom, or is large and needed for its names alone. */
export const SELDOM_MILLISECONDS = 30_000;

interface Read {
  state: { data: unknown };
}

/** For `refetchInterval`. What could not be read at all waits: its error would come and go with every try. */
export function followed(milliseconds = POLL_MILLISECONDS) {
  return ({ state }: Read): number | false => (state.data === undefined ? false : milliseconds);
}

interface ReadPages {
  state: { data: { pages: readonly unknown[] } | undefined };
}

/** So many pages of a list are read again; to read more, again and again, would burden the service. */
const FOLLOWED_PAGES_MAX = 2;

/** The same for a list that is read page by page. */
export function followedPages({ state }: ReadPages): number | false {
  const pages = state.data?.pages.length ?? 0;
  return pages > 0 && pages <= FOLLOWED_PAGES_MAX ? POLL_MILLISECONDS : false;
}

/**
 * For a mutation: what shows its result is read again. A success does not wait for that, or a dialog would meet its own
 * change as news; a refusal does, because what is there now is shown beside it.
 */
export function useReadAgain(...keys: readonly QueryKey[]) {
  const queries = useQueryClient();
  const readAgain = () => Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  return {
    onSuccess: () => {
      void readAgain();
    },
    onError: readAgain,
  };
}
export const ATTEMPTS_MAX = 3;
const PAUSE_MILLISECONDS = 1000;

const TOO_MANY = 429;

function pauseBefore(_attempt: number, error: Error): number {
  const asked = error instanceof ApiError ? error.retryAfterSeconds : undefined;
  return asked === undefined ? PAUSE_MILLISECONDS : asked * 1000;
}

function isOverload(error: Error, statuses: readonly number[]): boolean {
  return error instanceof ApiError && statuses.includes(error.status);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A service on this machine answers while the machine is offline.
        networkMode: 'always',
        // As with `followed`.
        refetchOnWindowFocus: ({ state }) => state.data !== undefined,
        retry: (failures, error) => failures < ATTEMPTS_MAX - 1 && isOverload(error, [TOO_MANY, UNAVAILABLE]),
        retryDelay: pauseBefore,
      },
      mutations: {
        networkMode: 'always',
        // 429 means: not done. After a 503 it may have been done, so the person decides.
        retry: (failures, error) => failures < ATTEMPTS_MAX - 1 && isOverload(error, [TOO_MANY]),
        retryDelay: pauseBefore,
      },
    },
  });
}
