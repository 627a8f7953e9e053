/** The products that the organisation has bought. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { contentOf, ifMatch, type Schemas } from './client';
import { useApi } from './context';
import { allItems } from './paging';
import { followed, SELDOM_MILLISECONDS, useReadAgain } from './queries';

export type Product = Schemas['ProductAnswer'];
export type ServicePlan = Schemas['ServicePlanAnswer'];

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

/** All products, by display name. Where their numbers are looked at they are followed; elsewhere read again seldom. */
export function useProducts({ isFollowed = false } = {}) {
  const api = useApi();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => allItems((query) => contentOf(api.GET('/products', { params: { query }, signal }))),
    refetchInterval: isFollowed ? followed() : followed(SELDOM_MILLISECONDS),
  });
}

/** Replaces the product with this ETag; without one, makes it where none of its id is. Buying licenses is a new total. */
export function usePutProduct() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ skuId, etag, ...product }: Schemas['ProductWrite'] & { skuId: string; etag?: string }) =>
      contentOf(
        api.PUT('/products/{skuId}', {
          params: { path: { skuId }, header: etag === undefined ? { 'If-None-Match': '*' } : ifMatch(etag) },
          body: product,
        }),
      ),
    // Names and numbers of a product stand in policies too.
    ...useReadAgain(KEY, ['policies']),
  });
}

export function useDeleteProduct() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ skuId, etag }: { skuId: string; etag: string }) =>
      contentOf(api.DELETE('/products/{skuId}', { params: { path: { skuId }, header: ifMatch(etag) } })),
    ...useReadAgain(KEY),
  });
}
