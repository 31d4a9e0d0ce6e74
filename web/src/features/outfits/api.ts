import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { Ask, Lesson, NewFeedback, Recommendation } from '@/api/types';
import { randomId } from '@/lib/random-id';

const PAGE_SIZE = 12;

export type OutfitTab = 'saved' | 'worn' | 'all';

export const outfitsQuery = (tab: OutfitTab) =>
  infiniteQueryOptions({
    queryKey: ['outfits', 'list', tab],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        client.GET('/api/outfits', {
          params: {
            query: {
              saved: tab === 'saved' || undefined,
              worn: tab === 'worn' || undefined,
              limit: PAGE_SIZE,
              cursor: pageParam,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Asks for outfits, around a photo when one is given. */
export function fetchOutfits(ask: Ask, photo?: File): Promise<Recommendation> {
  if (!photo) return bodyOf(client.POST('/api/recommend', { body: ask }));
  return bodyOf(
    client.POST('/api/recommend/photo', {
      // The generated type calls a file a string; the serializer below sends the file itself.
      body: { photo: '', request: JSON.stringify(ask) },
      bodySerializer: () => {
        const form = new FormData();
        form.append('photo', photo, photo.name);
        form.append('request', JSON.stringify(ask));
        return form;
      },
    }),
  );
}

export type Reactions = Partial<Record<NewFeedback['kind'], string>>;

/** What the person said about an outfit in this visit: kind of feedback → id of the event. */
export const reactionsKey = (outfitId: string) => ['reactions', outfitId];

const TOUCHED_BY_FEEDBACK = [['lessons'], ['taste'], ['outfits'], ['garments']];

export function useFeedback() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewFeedback) =>
      bodyOf(client.POST('/api/feedback', { body, headers: { 'Idempotency-Key': randomId() } })),
    onSuccess: ({ event }, { outfit_id }) => {
      queryClient.setQueryData<Reactions>(reactionsKey(outfit_id), (known) => ({
        ...known,
        [event.kind]: event.id,
      }));
      for (const queryKey of TOUCHED_BY_FEEDBACK) void queryClient.invalidateQueries({ queryKey });
    },
  });
}

export function useUndoFeedback() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (event: Pick<Lesson, 'id' | 'kind' | 'outfit_id'>) =>
      client.DELETE('/api/feedback/{id}', { params: { path: { id: event.id } } }),
    onSuccess: (_answer, { kind, outfit_id }) => {
      if (outfit_id) {
        queryClient.setQueryData<Reactions>(reactionsKey(outfit_id), (known) => ({
          ...known,
          [kind]: undefined,
        }));
      }
      for (const queryKey of TOUCHED_BY_FEEDBACK) void queryClient.invalidateQueries({ queryKey });
    },
  });
}

const LESSONS_PER_LOOK = 100;
const MOST_LOOKS = 5;

/** The event with which an outfit was saved, some time before. */
async function findSave(outfitId: string): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const page = await bodyOf(
      client.GET('/api/feedback', { params: { query: { limit: LESSONS_PER_LOOK, cursor } } }),
    );
    const found = page.lessons.find(
      (lesson) => lesson.kind === 'save' && lesson.outfit_id === outfitId,
    );
    if (found || !page.next_cursor) return found?.id;
    cursor = page.next_cursor;
  }
  return undefined;
}

/** Takes an outfit off the saved ones by taking back the answer that put it there. */
export function useUnsave() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (outfitId: string) => {
      const id = await findSave(outfitId);
      if (!id) throw new Error('The answer that saved this outfit is too long ago to be found');
      await client.DELETE('/api/feedback/{id}', { params: { path: { id } } });
    },
    onSettled: () => {
      for (const queryKey of TOUCHED_BY_FEEDBACK) void queryClient.invalidateQueries({ queryKey });
    },
  });
}
