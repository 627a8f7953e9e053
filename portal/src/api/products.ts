/** The products that the organisation has bought, and who holds their licenses. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { contentOf, ifMatch, type Schemas } from './client';
import { useApi } from './context';
import { allItems, continuationOf, FIRST_PAGE } from './paging';
import { POLL_MILLISECONDS } from './queries';

export type Product = Schemas['ProductAnswer'];
export type ServicePlan = Schemas['ServicePlanAnswer'];
export type Holder = Schemas['HolderAnswer'];

const KEY = ['products'];

/** Whether a license of the product, less the service plans that are off in it, is one for the app. */
export function licenses(
  product: Product,
  app: { servicePlanIds: readonly string[] },
  off: readonly string[] = [],
): boolean {
  return product.servicePlans.some(
    ({ servicePlanId }) => app.servicePlanIds.includes(servicePlanId) && !off.includes(servicePlanId),
  );
}

/** All products, by display name; read again every few seconds while they are looked at. */
export function useProducts() {
  const api = useApi();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => allItems((query) => contentOf(api.GET('/products', { params: { query }, signal }))),
    refetchInterval: POLL_MILLISECONDS,
  });
}

/** Who holds a product's licenses, a page at a time. */
export function useProductLicenses(skuId: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...KEY, skuId, 'licenses'],
    queryFn: ({ pageParam, signal }) =>
      contentOf(api.GET('/products/{skuId}/licenses', { params: { path: { skuId }, query: pageParam }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: continuationOf,
  });
}

/** Replaces the product with this ETag; without one, makes it where none of its id is. Buying licenses is a new total. */
export function usePutProduct() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ skuId, etag, ...product }: Schemas['ProductWrite'] & { skuId: string; etag?: string }) =>
      contentOf(
        api.PUT('/products/{skuId}', {
          params: { path: { skuId }, header: etag === undefined ? { 'If-None-Match': '*' } : ifMatch(etag) },
          body: product,
        }),
      ),
    // Names and numbers of a product stand in policies too.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: KEY }),
        queries.invalidateQueries({ queryKey: ['policies'] }),
      ]),
  });
}

export function useDeleteProduct() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ skuId, etag }: { skuId: string; etag: string }) =>
      contentOf(api.DELETE('/products/{skuId}', { params: { path: { skuId }, header: ifMatch(etag) } })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
