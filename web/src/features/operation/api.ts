import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { LogLevel, LogLevelBody } from '@/api/operator-types';
import { type AuditFilters, isId } from '@/lib/operation-search';

const PAGE_SIZE = 50;

export const auditLogQuery = ({ account, by, action, from, until }: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit-log', { account, by, action, from, until }],
    queryFn: ({ pageParam, signal }) => {
      const whose = account && isId(account) ? { subject: account } : { email: account };
      const query = { ...whose, actor: by, action, from, until, limit: PAGE_SIZE };
      return bodyOf(
        client.GET('/api/admin/audit', {
          params: { query: { ...query, cursor: pageParam } },
          signal,
        }),
      );
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // Whoever comes back wants to see what happened meanwhile.
    staleTime: 0,
  });

const SECOND = 1000;
/** Where the clocks of server and device differ, the server is asked again now and then. */
const AGAIN_MS = 30 * SECOND;
/** Browsers take no timer of many days. */
const LONGEST_MS = 3600 * SECOND;

/** How long until what is logged may have fallen back by itself. */
function untilBack({ until }: LogLevel): number | false {
  if (!until) return false;
  const rest = new Date(until).getTime() - Date.now() + SECOND;
  return rest > 0 ? Math.min(rest, LONGEST_MS) : AGAIN_MS;
}

export const logLevelQuery = queryOptions({
  queryKey: ['log-level'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/admin/log-level', { signal })),
  refetchInterval: ({ state }) => (state.data ? untilBack(state.data) : false),
  staleTime: 0,
  meta: { isShown: true },
});

/** What the changed instance answers is shown: another one may answer the next question. */
function useShown() {
  const queryClient = useQueryClient();
  return (level: LogLevel) => queryClient.setQueryData(logLevelQuery.queryKey, level);
}

export function useChangeLogLevel() {
  return useMutation({
    mutationFn: (body: LogLevelBody) => bodyOf(client.PUT('/api/admin/log-level', { body })),
    onSuccess: useShown(),
    meta: { isShown: true },
  });
}

export function useResetLogLevel() {
  return useMutation({
    mutationFn: () => bodyOf(client.DELETE('/api/admin/log-level')),
    onSuccess: useShown(),
  });
}
