import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';

const PAGE_SIZE = 30;

export const lessonsQuery = infiniteQueryOptions({
  queryKey: ['lessons'],
  queryFn: ({ pageParam, signal }) =>
    bodyOf(
      client.GET('/api/feedback', {
        params: { query: { limit: PAGE_SIZE, cursor: pageParam } },
        signal,
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

export const tasteQuery = queryOptions({
  queryKey: ['taste'],
  queryFn: () => bodyOf(client.GET('/api/taste')),
});

/** Takes a lesson back: afterwards it is as if it had never been given. */
export function useUndoLesson() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.DELETE('/api/feedback/{id}', { params: { path: { id } } }),
    onSettled: () =>
      Promise.all(
        [['lessons'], ['taste'], ['outfits'], ['garments']].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
