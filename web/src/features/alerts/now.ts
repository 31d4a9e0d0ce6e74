// The alerts of this moment: all that the frame of the app needs of this feature.
import { queryOptions, useQuery } from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { Alert } from '@/api/operator-types';

export const POLL_MS = 30_000;

/** A failed poll leaves what was known before in place, and the page says that it is old. */
export const QUIET = { isShown: true };

export const alertsQuery = queryOptions({
  queryKey: ['alerts', 'now'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/alerts', { signal })),
  refetchInterval: POLL_MS,
  meta: QUIET,
});

/** Fires, and is neither silenced nor explained by another one. */
export const wantsAttention = (alert: Alert): boolean =>
  alert.state === 'firing' && alert.silenced_by.length === 0 && alert.inhibited_by.length === 0;

const GENTLE_MS = 60_000;

/** How many alerts want somebody's attention: for the mark beside the page's name. */
export function useFiringCount(isAdmin: boolean): number {
  const { data } = useQuery({
    ...alertsQuery,
    enabled: isAdmin,
    refetchInterval: GENTLE_MS,
    retry: false,
    select: ({ alerts }) => alerts.filter(wantsAttention).length,
  });
  return isAdmin ? (data ?? 0) : 0;
}
