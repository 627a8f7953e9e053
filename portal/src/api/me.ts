/** Who is signed in, as the API sees it, and what they may do. */
import { useQuery } from '@tanstack/react-query';
import { contentOf } from './client';
import { useApi } from './context';

export function useMe() {
  const api = useApi();
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => contentOf(api.GET('/me', { signal })),
    staleTime: Infinity,
  });
}

/** Whether buttons that change something are shown. Nothing rests on it: the API decides. */
export function useMayManage(): boolean {
  return useMe().data?.rights.includes('manage') === true;
}
