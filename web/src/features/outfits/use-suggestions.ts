// The suggestions on the table: they stay while the person looks at a garment and comes back.
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { Ask, Outfit, Recommendation } from '@/api/types';
import { fetchOutfits } from '@/features/outfits/api';
import { firstNew, outfitKey } from '@/lib/score';

interface Question {
  ask: Ask;
  photo?: File;
}

export interface Suggestions extends Question, Recommendation {
  /** Every idea shown for this question, so that none comes twice. */
  seen: string[];
  /** The outfit that took the place of another, to be announced. */
  replacementId?: string;
}

const KEY = ['suggestions'];
const FIRST_COUNT = 3;
const MOST = 10;

const keysOf = (outfits: Outfit[]) => outfits.map(outfitKey);

export function useSuggestions() {
  const queryClient = useQueryClient();
  const { data: suggestions } = useQuery<Suggestions>({
    queryKey: KEY,
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const current = () => queryClient.getQueryData<Suggestions>(KEY);

  const ask = useMutation({
    mutationFn: ({ ask, photo }: Question) => fetchOutfits({ ...ask, count: FIRST_COUNT }, photo),
    onSuccess: (answer, question) =>
      queryClient.setQueryData<Suggestions>(KEY, {
        ...question,
        ...answer,
        seen: keysOf(answer.outfits),
      }),
    meta: { isShown: true },
  });

  /** Asks again for as many as were seen and one more: one of them must be new, if there is any. */
  const fetchUnseen = async (wanted: number) => {
    const before = current();
    if (!before) throw new Error('nothing was asked yet');
    const count = Math.min(MOST, before.seen.length + wanted);
    const answer = await fetchOutfits({ ...before.ask, count }, before.photo);
    const seen = new Set(before.seen);
    const fresh: Outfit[] = [];
    while (fresh.length < wanted) {
      const next = firstNew(answer.outfits, seen);
      if (!next) break;
      seen.add(outfitKey(next));
      fresh.push(next);
    }
    return fresh;
  };

  const replace = useMutation({
    mutationFn: async (outfitId: string) => ({ outfitId, fresh: (await fetchUnseen(1))[0] }),
    onSuccess: ({ outfitId, fresh }) =>
      queryClient.setQueryData<Suggestions>(KEY, (before) => {
        if (!before) return before;
        const outfits = before.outfits.flatMap((outfit) => {
          if (outfit.id !== outfitId) return [outfit];
          return fresh ? [fresh] : [];
        });
        const seen = fresh ? [...before.seen, outfitKey(fresh)] : before.seen;
        return { ...before, outfits, seen, replacementId: fresh?.id };
      }),
  });

  const more = useMutation({
    mutationFn: () => fetchUnseen(FIRST_COUNT),
    onSuccess: (fresh) =>
      queryClient.setQueryData<Suggestions>(
        KEY,
        (before) =>
          before && {
            ...before,
            outfits: [...before.outfits, ...fresh],
            seen: [...before.seen, ...keysOf(fresh)],
            replacementId: fresh[0]?.id,
          },
      ),
  });

  return { suggestions, ask, replace, more };
}
