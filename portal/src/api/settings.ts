/** The organisation's switch. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { contentOf, ifMatch, type Schemas } from './client';
import { useApi } from './context';
import { followed } from './queries';

export type Settings = Schemas['SettingsAnswer'];

const KEY = ['settings'];

export function useSettings() {
  const api = useApi();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => contentOf(api.GET('/settings', { signal })),
    refetchInterval: followed(),
  });
}

/** Turns the feature on or off, if the settings are still those with this ETag. */
export function useUpdateSettings() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...change }: Schemas['SettingsUpdate'] & { etag: string }) =>
      contentOf(api.PATCH('/settings', { params: { header: ifMatch(etag) }, body: change })),
    onSuccess: async (settings) => {
      // What was asked before the change may be answered after it, and tells of what was.
      await queries.cancelQueries({ queryKey: KEY });
      queries.setQueryData<Settings>(KEY, settings);
    },
    // What another administrator has made of it is shown at once.
    onError: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
