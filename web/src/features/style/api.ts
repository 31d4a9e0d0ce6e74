import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { Answers } from '@/features/style/answers';

export const piecesQuery = queryOptions({
  queryKey: ['onboarding'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/onboarding', { signal })),
});

/** What the answers change elsewhere. */
const TOUCHED = [['lessons'], ['taste']];

/** Sends answers about pieces; what is not among them stays as it was. */
export function useAnswers() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (answers: Answers) => {
      const picks = [...answers].map(([piece, answer]) => ({ piece, answer }));
      return bodyOf(client.PUT('/api/onboarding', { body: { picks } }));
    },
    onSuccess: (pieces) => {
      queryClient.setQueryData(piecesQuery.queryKey, pieces);
      for (const queryKey of TOUCHED) void queryClient.invalidateQueries({ queryKey });
    },
    meta: { isShown: true },
  });
}
