// Answers /api from memory in `npm run dev:mock` and `npm run preview:mock`. Never part of a build.
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Plugin } from 'vite';

import { accounts } from './accounts.ts';
import { Refusal, refuse } from './http.ts';
import { onboarding } from './onboarding.ts';
import { operators } from './operators.ts';
import { seedWardrobe } from './state.ts';
import { wardrobe } from './wardrobe.ts';

const CONTENT_POLICY =
  "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'";

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock');
  const isChange = request.method !== 'GET' && request.method !== 'HEAD';
  if (isChange && request.headers['x-requested-with'] !== 'flashfit') {
    throw new Refusal(403, 'Foreign request', 'the header X-Requested-With is missing');
  }
  const isDone =
    (await accounts(request, response, url)) ||
    (await operators(request, response, url)) ||
    (await onboarding(request, response, url)) ||
    (await wardrobe(request, response, url));
  if (!isDone) throw new Refusal(404, 'Not found', `there is no ${url.pathname}`);
}

export function mockServer(): Plugin {
  const handle = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!request.url?.startsWith('/api/')) {
      response.setHeader('x-content-type-options', 'nosniff');
      next();
      return;
    }
    answer(request, response).catch((error: unknown) => refuse(response, error));
  };
  return {
    name: 'flashfit-mock',
    configureServer(server) {
      seedWardrobe();
      server.middlewares.use(handle);
    },
    configurePreviewServer(server) {
      if (!process.env.MOCK_EMPTY) seedWardrobe();
      server.middlewares.use((request, response, next) => {
        response.setHeader('content-security-policy', CONTENT_POLICY);
        handle(request, response, next);
      });
    },
  };
}
