import {
  type InfiniteData,
  type Query,
  queryOptions,
  type QueryClient,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import { GARMENTS_KEY, itemQuery } from '@/api/garments';
import type { Item, ItemPage, ItemPatch } from '@/api/types';

const LISTS_KEY = [...GARMENTS_KEY, 'list'] as const;

export const similarQuery = (id: string) =>
  queryOptions({
    queryKey: [...GARMENTS_KEY, 'similar', id],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/wardrobe/{id}/similar', {
          params: { path: { id }, query: { limit: 6 } },
          signal,
        }),
      ),
    staleTime: 5 * 60_000,
  });

/** Puts a fresh item wherever it is shown. */
export function placeItem(queryClient: QueryClient, item: Item) {
  queryClient.setQueryData(itemQuery(item.id).queryKey, item);
  queryClient.setQueriesData<InfiniteData<ItemPage>>(
    { queryKey: LISTS_KEY },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          items: page.items.map((one) => (one.id === item.id ? item : one)),
        })),
      },
  );
}

/** Everything about garments is asked for anew: lists, counts, single ones. */
export const refreshGarments = (queryClient: QueryClient) =>
  queryClient.invalidateQueries({ queryKey: GARMENTS_KEY });

export function useChangeItem(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ItemPatch) =>
      bodyOf(client.PATCH('/api/wardrobe/{id}', { params: { path: { id } }, body })),
    onSuccess: (item) => {
      placeItem(queryClient, item);
      // Filters and counts may now say something else.
      void queryClient.invalidateQueries({ queryKey: LISTS_KEY });
      void queryClient.invalidateQueries({ queryKey: [...GARMENTS_KEY, 'summary'] });
    },
  });
}

export function useDeleteItem() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.DELETE('/api/wardrobe/{id}', { params: { path: { id } } }),
    onSuccess: (_answer, id) => {
      const isOfThis = ({ queryKey }: Query) => queryKey.includes(id);
      // Its own page may still be open: nothing more is to be asked about what is gone.
      void queryClient.invalidateQueries({ predicate: isOfThis, refetchType: 'none' });
      return queryClient.invalidateQueries({
        queryKey: GARMENTS_KEY,
        predicate: (query) => !isOfThis(query),
      });
    },
  });
}

export function useRestoreItem() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      bodyOf(client.POST('/api/wardrobe/{id}/restore', { params: { path: { id } } })),
    onSuccess: () => refreshGarments(queryClient),
  });
}

export function useReprocess() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      bodyOf(client.POST('/api/wardrobe/{id}/reprocess', { params: { path: { id } } })),
    onSuccess: (item) => placeItem(queryClient, item),
  });
}
