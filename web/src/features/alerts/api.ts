import {
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { AlertEventPage, RuleBody, SilenceBody } from '@/api/operator-types';
import { POLL_MS, QUIET } from '@/features/alerts/now';

const PAGE_SIZE = 40;

export const historyQuery = (name?: string) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'history', name ?? ''],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE_SIZE, cursor: pageParam, name };
      const page = client.GET('/api/alerts/history', { params: { query }, signal });
      return (await bodyOf(page)) as AlertEventPage;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const rulesQuery = queryOptions({
  queryKey: ['alerts', 'rules'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/alerts/rules', { signal })),
  refetchInterval: POLL_MS,
  meta: QUIET,
});

export const silencesQuery = queryOptions({
  queryKey: ['alerts', 'silences'],
  queryFn: async ({ signal }) =>
    (await bodyOf(client.GET('/api/alerts/silences', { signal }))).silences,
  refetchInterval: POLL_MS,
  meta: QUIET,
});

export const receiversQuery = queryOptions({
  queryKey: ['alerts', 'receivers'],
  queryFn: async ({ signal }) =>
    (await bodyOf(client.GET('/api/alerts/receivers', { signal }))).receivers,
  refetchInterval: POLL_MS,
  meta: QUIET,
});

/** What is changed here shows in several lists: all are asked anew. */
function useRefreshed() {
  const queryClient = useQueryClient();
  return (queryKey: QueryKey = ['alerts']) => queryClient.invalidateQueries({ queryKey });
}

export function useSaveRule() {
  const refresh = useRefreshed();
  return useMutation({
    mutationFn: ({ id, body }: { id?: string; body: RuleBody }) =>
      id === undefined
        ? bodyOf(client.POST('/api/alerts/rules', { body }))
        : bodyOf(client.PUT('/api/alerts/rules/{id}', { params: { path: { id } }, body })),
    onSuccess: () => refresh(),
    meta: { isShown: true },
  });
}

/** On or off, with the failure told like any other. */
export function useSwitchRule() {
  const refresh = useRefreshed();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: RuleBody }) =>
      bodyOf(client.PUT('/api/alerts/rules/{id}', { params: { path: { id } }, body })),
    onSettled: () => refresh(),
  });
}

export function useRemoveRule() {
  const refresh = useRefreshed();
  return useMutation({
    mutationFn: (id: string) =>
      client.DELETE('/api/alerts/rules/{id}', { params: { path: { id } } }),
    onSettled: () => refresh(),
  });
}

export function usePreview() {
  return useMutation({
    mutationFn: (body: RuleBody & { hours: number }) =>
      bodyOf(client.POST('/api/alerts/rules/preview', { body })),
    meta: { isShown: true },
  });
}

export function useReload() {
  const refresh = useRefreshed();
  return useMutation({
    mutationFn: () => bodyOf(client.POST('/api/alerts/rules/reload')),
    onSettled: () => refresh(),
    meta: { isShown: true },
  });
}

export function useSaveSilence() {
  const refresh = useRefreshed();
  return useMutation({
    mutationFn: ({ id, body }: { id?: string; body: SilenceBody }) =>
      id === undefined
        ? bodyOf(client.POST('/api/alerts/silences', { body }))
        : bodyOf(client.PUT('/api/alerts/silences/{id}', { params: { path: { id } }, body })),
    onSuccess: () => refresh(),
    meta: { isShown: true },
  });
}

export function useExpireSilence() {
  const refresh = useRefreshed();
  return useMutation({
    mutationFn: (id: string) =>
      client.DELETE('/api/alerts/silences/{id}', { params: { path: { id } } }),
    onSettled: () => refresh(),
  });
}

export function useTestReceiver() {
  const refresh = useRefreshed();
  return useMutation({
    mutationFn: (name: string) =>
      client.POST('/api/alerts/receivers/{name}/test', { params: { path: { name } } }),
    onSettled: () => refresh(['alerts', 'receivers']),
    meta: { isShown: true },
  });
}
