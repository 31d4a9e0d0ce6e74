// The typed client. It throws a Problem and decides nothing about what the person sees.
import createClient, { type Middleware } from 'openapi-fetch';

import { problemFromResponse, unreachable } from '@/api/problem';
import type { paths } from '@/api/schema';

/** Proves to the server that the request comes from this app and not from a foreign page. */
export const CSRF_HEADERS = { 'X-Requested-With': 'flashfit' };

const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemFromResponse(response);
  },
  onError({ error }) {
    // An abort is not a problem: the caller asked for it.
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return unreachable();
  },
};

export const client = createClient<paths>({
  baseUrl: window.location.origin,
  headers: CSRF_HEADERS,
  credentials: 'same-origin',
  // Looked up at each call, so that tests may replace it.
  fetch: (request) => fetch(request),
});
client.use(throwProblems);

/** The body of a call that has one. Failures were thrown before this is reached. */
export async function bodyOf<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}
