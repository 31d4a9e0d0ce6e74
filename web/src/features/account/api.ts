import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { bodyOf, client } from '@/api/client';
import { meQuery } from '@/api/session';
import type { components } from '@/api/schema';
import type { Session } from '@/api/types';
import { randomId } from '@/lib/random-id';

type Schemas = components['schemas'];

/** The form shows what went wrong beside its fields. */
const SHOWN_IN_FORM = { isShown: true };

function useArrive() {
  const queryClient = useQueryClient();
  return (session: Session) => {
    // Nothing of whoever was signed in before may be seen.
    queryClient.clear();
    queryClient.setQueryData(meQuery.queryKey, session.user);
  };
}

export function useSignIn() {
  return useMutation({
    mutationFn: (body: Schemas['Login']) => bodyOf(client.POST('/api/auth/login', { body })),
    onSuccess: useArrive(),
    meta: SHOWN_IN_FORM,
  });
}

export function useSignUp() {
  return useMutation({
    mutationFn: (body: Schemas['Register']) =>
      bodyOf(
        client.POST('/api/auth/register', { body, headers: { 'Idempotency-Key': randomId() } }),
      ),
    onSuccess: useArrive(),
    meta: SHOWN_IN_FORM,
  });
}

function useLeave() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await navigate({ to: '/sign-in' });
    queryClient.clear();
  };
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => client.POST('/api/auth/logout'),
    onSuccess: useLeave(),
  });
}

export function useDeleteAccount() {
  return useMutation({
    mutationFn: (password: string) => client.DELETE('/api/auth/account', { body: { password } }),
    onSuccess: useLeave(),
    meta: SHOWN_IN_FORM,
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: Schemas['ChangePassword']) => client.POST('/api/auth/password', { body }),
    meta: SHOWN_IN_FORM,
  });
}

export function useForgotPassword() {
  return useMutation({
    mutationFn: (email: string) =>
      // The answer has no body.
      client.POST('/api/auth/forgot', { body: { email }, parseAs: 'text' }),
    meta: SHOWN_IN_FORM,
  });
}

export function useResetPassword() {
  return useMutation({
    mutationFn: (body: Schemas['ResetPassword']) => client.POST('/api/auth/reset', { body }),
    meta: SHOWN_IN_FORM,
  });
}

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => bodyOf(client.GET('/api/auth/tokens')),
});

export function useCreateToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewToken']) =>
      bodyOf(client.POST('/api/auth/tokens', { body, headers: { 'Idempotency-Key': randomId() } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
    meta: SHOWN_IN_FORM,
  });
}

export function useRevokeToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      client.DELETE('/api/auth/tokens/{id}', { params: { path: { id } } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => bodyOf(client.GET('/api/auth/sessions')),
});

export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      client.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

export function useEndOtherSessions() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => bodyOf(client.DELETE('/api/auth/sessions')),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

const AUDIT_PAGE = 10;

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam, signal }) =>
    bodyOf(
      client.GET('/api/account/audit', {
        params: { query: { limit: AUDIT_PAGE, cursor: pageParam } },
        signal,
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});
