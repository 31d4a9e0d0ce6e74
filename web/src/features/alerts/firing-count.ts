// How many alerts want somebody's attention: for the mark beside the page's name.
import { useQuery } from '@tanstack/react-query';

import type { Alert } from '@/api/operator-types';
import { alertsQuery } from '@/features/alerts/api';

/** Fires, and is neither silenced nor explained by another one. */
export const wantsAttention = (alert: Alert): boolean =>
  alert.state === 'firing' && alert.silenced_by.length === 0 && alert.inhibited_by.length === 0;

const GENTLE_MS = 60_000;

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
