// Who is signed in: asked by the router, the layout and the account pages alike.
import { queryOptions } from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { User } from '@/api/types';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => bodyOf(client.GET('/api/auth/me')),
  staleTime: 5 * 60_000,
});

/** Administrators see how the server is doing. */
export const isAdmin = (user?: User): boolean => user?.role === 'admin';

export const authConfigQuery = queryOptions({
  queryKey: ['auth-config'],
  queryFn: () => bodyOf(client.GET('/api/auth/config')),
  staleTime: 0,
});
