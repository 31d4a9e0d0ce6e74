// The week on the table. Its outfits are stored on the server like any suggestion; which outfit belongs to which day,
// and what was asked, is kept in this browser only, per person: no table has to know of plans.
import { useLocalStorage } from '@mantine/hooks';
import { queryOptions, useMutation, useQueries, useQueryClient } from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { Outfit, WeekAnswer, WeekRequest } from '@/api/types';
import {
  anotherRequest,
  planned,
  readWeek,
  requestOf,
  upToDate,
  type Week,
} from '@/features/outfits/week';
import { today } from '@/lib/dates';
import { randomId } from '@/lib/random-id';
import { outfitKey } from '@/lib/score';

const outfitQuery = (id: string) =>
  queryOptions({
    queryKey: ['outfits', 'one', id],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/outfits/{id}', { params: { path: { id } }, signal })),
  });

const fetchWeek = (body: WeekRequest): Promise<WeekAnswer> =>
  bodyOf(client.POST('/api/recommend/week', { body, headers: { 'Idempotency-Key': randomId() } }));

export function useWeek(owner: string) {
  const queryClient = useQueryClient();
  const [kept, setKept] = useLocalStorage<Week | undefined>({
    key: `flashfit.week.${owner}`,
    getInitialValueInEffect: false,
    deserialize: readWeek,
  });
  const week = upToDate(kept, today());
  const outfits = useQueries({
    queries: (week.plan ?? []).map(({ outfitId }) => ({
      ...outfitQuery(outfitId ?? ''),
      enabled: outfitId !== undefined,
    })),
  });

  const remember = (answer: WeekAnswer) => {
    for (const { outfit } of answer.days) {
      if (outfit) queryClient.setQueryData<Outfit>(outfitQuery(outfit.id).queryKey, outfit);
    }
  };
  const plan = useMutation({
    mutationFn: () => fetchWeek(requestOf(week)),
    onSuccess: (answer) => {
      remember(answer);
      setKept(planned(week, answer, true));
    },
    meta: { isShown: true },
  });
  const another = useMutation({
    mutationFn: (date: string) => fetchWeek(anotherRequest(week, date)),
    onSuccess: (answer) => {
      remember(answer);
      setKept((now) => planned(upToDate(now, today()), answer, false));
    },
  });

  /** Whether a day got something it did not have before. */
  const isOther = (before: Outfit | undefined, answer: WeekAnswer) => {
    const after = answer.days[0]?.outfit;
    return after ? !before || outfitKey(before) !== outfitKey(after) : false;
  };
  const ask = (change: Partial<Week>) => setKept({ ...week, ...change });
  return { week, outfits, ask, plan, another, isOther };
}
