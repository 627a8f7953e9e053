/** The apps that users sign in to. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { contentOf, ifMatch, type Schemas } from './client';
import { useApi } from './context';
import { allItems } from './paging';
import { POLL_MILLISECONDS } from './queries';

export type App = Schemas['AppAnswer'];

const KEY = ['apps'];

/** All apps, by id. */
export function useApps() {
  const api = useApi();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => allItems((query) => contentOf(api.GET('/apps', { params: { query }, signal }))),
    refetchInterval: POLL_MILLISECONDS,
  });
}

/** Replaces the app with this ETag; without one, makes it where none of its id is. */
export function usePutApp() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag, ...app }: Schemas['AppWrite'] & { id: string; etag?: string }) =>
      contentOf(
        api.PUT('/apps/{appId}', {
          params: { path: { appId: id }, header: etag === undefined ? { 'If-None-Match': '*' } : ifMatch(etag) },
          body: app,
        }),
      ),
    // Policies show their app's name.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: KEY }),
        queries.invalidateQueries({ queryKey: ['policies'] }),
      ]),
  });
}

export function useDeleteApp() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      contentOf(api.DELETE('/apps/{appId}', { params: { path: { appId: id }, header: ifMatch(etag) } })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
