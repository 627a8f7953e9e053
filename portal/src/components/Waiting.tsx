/** Instead of what is not all read yet: rows where it will stand, or what went wrong and a way to try again. */
import { ErrorNote } from './ErrorNote';
import { LoadingRows } from './LoadingRows';

interface WaitingProps {
  /** What TanStack Query gives of everything that the place needs. */
  queries: readonly { error: Error | null; refetch: () => Promise<unknown> }[];
  rows?: number;
}

export function Waiting({ queries, rows = 5 }: WaitingProps) {
  const error = queries.map((query) => query.error).find((each) => each !== null);
  if (error === undefined) return <LoadingRows rows={rows} />;
  return <ErrorNote error={error} onRetry={() => void Promise.all(queries.map((query) => query.refetch()))} />;
}
