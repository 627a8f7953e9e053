/** How long answers are kept, when they are asked for again, and what is tried twice: the same for every page. */
import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors';

/** How often a list that is looked at is read again, so that its numbers follow a storm of sign-ins. */
export const POLL_MILLISECONDS = 4000;
export const ATTEMPTS_MAX = 3;
const PAUSE_MILLISECONDS = 1000;

const TOO_MANY = 429;
const UNAVAILABLE = 503;

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
