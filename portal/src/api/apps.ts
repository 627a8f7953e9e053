/** The apps that users sign in to. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { contentOf, ifMatch, type Schemas } from './client';
import { useApi } from './context';
import { allItems } from './paging';
import { followed, useReadAgain } from './queries';

export type App = Schemas['AppAnswer'];

const KEY = ['apps'];

/** All apps, by id. */
export function useApps() {
  const api = useApi();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => allItems((query) => contentOf(api.GET('/apps', { params: { query }, signal }))),
    refetchInterval: followed(),
  });
}

/** Replaces the app with this ETag; without one, makes it where none of its id is. */
export function usePutApp() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ id, etag, ...app }: Schemas['AppWrite'] & { id: string; etag?: string }) =>
      contentOf(
        api.PUT('/apps/{appId}', {
          params: { path: { appId: id }, header: etag === undefined ? { 'If-None-Match': '*' } : ifMatch(etag) },
          body: app,
        }),
      ),
    // Policies show their app's name.
    ...useReadAgain(KEY, ['policies']),
  });
}

export function useDeleteApp() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      contentOf(api.DELETE('/apps/{appId}', { params: { path: { appId: id }, header: ifMatch(etag) } })),
    ...useReadAgain(KEY),
  });
}
