// Reading the wardrobe: used wherever garments are listed or picked.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { ItemFilters } from '@/api/types';

const PAGE_SIZE = 40;
const POLL_MS = 5_000;

/** Everything about garments lives under this key, so that one invalidation refreshes it all. */
export const GARMENTS_KEY = ['garments'] as const;

const isBusy = (state: string) => state === 'pending' || state === 'processing';

export const itemsQuery = (filters: ItemFilters) =>
  infiniteQueryOptions({
    queryKey: [...GARMENTS_KEY, 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        client.GET('/api/wardrobe', {
          params: { query: { ...filters, limit: PAGE_SIZE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    // The event stream tells sooner; this is for networks that swallow it.
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((item) => isBusy(item.state)))
        ? POLL_MS
        : false,
  });

export const itemQuery = (id: string) =>
  queryOptions({
    queryKey: [...GARMENTS_KEY, 'item', id],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/wardrobe/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data.state) ? POLL_MS : false),
  });

export const summaryQuery = queryOptions({
  queryKey: [...GARMENTS_KEY, 'summary'],
  queryFn: () => bodyOf(client.GET('/api/wardrobe/summary')),
});

export const vocabularyQuery = queryOptions({
  queryKey: ['vocabulary'],
  queryFn: () => bodyOf(client.GET('/api/vocabulary')),
  staleTime: Infinity,
});
