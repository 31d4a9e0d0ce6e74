// The server of unit tests. Paths and bodies are those of the generated schema.
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

import type { paths } from '@/api/schema';

export const server = setupServer();

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Answers one path of the API; a path that the document does not know does not compile. */
export function answer<P extends keyof paths & string>(
  method: Method,
  path: P,
  respond: (request: Request) => Response | Promise<Response>,
) {
  const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
  server.use(http[method](`*${pattern}`, ({ request }) => respond(request)));
}

export const json = (body: object, status = 200) => HttpResponse.json(body, { status });

export const problem = (status: number, detail: string, errors?: object[]) =>
  new Response(
    JSON.stringify({
      type: '/problems/test',
      title: 'Refused',
      status,
      detail,
      request_id: 'r-1',
      errors,
    }),
    { status, headers: { 'content-type': 'application/problem+json' } },
  );
