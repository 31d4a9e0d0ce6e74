import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { components } from '@/api/schema';
import { jsonOf, Refusal, send } from './http.ts';
import { forgetEverything, state } from './state.ts';

type Schemas = components['schemas'];

export function signedIn(request: IncomingMessage) {
  const cookie = /flashfit_session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const user = state.users.get(state.sessions.get(cookie ?? '') ?? '');
  if (!user) throw new Refusal(401, 'Signed out', 'sign in first');
  return user;
}

function openSession(response: ServerResponse, status: number, email: string) {
  const token = randomUUID();
  state.sessions.set(token, email);
  const user = state.users.get(email);
  response.setHeader('set-cookie', `flashfit_session=${token}; HttpOnly; SameSite=Lax; Path=/`);
  send(response, status, { user, token, expires_at: new Date(Date.now() + 1e9).toISOString() });
}

function session(since: string): Schemas['OwnSession'] {
  return {
    id: randomUUID(),
    is_current: true,
    created_at: since,
    last_used_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 1e9).toISOString(),
    address: '127.0.0.1',
    agent: 'Firefox on Linux',
  };
}

function activity(person: string, at: string): Schemas['AuditEntry'] {
  return {
    id: randomUUID(),
    at,
    action: 'sign-up',
    actor: person,
    subject: person,
    address: '127.0.0.1',
    agent: 'Firefox on Linux',
    details: {},
    request_id: null,
  };
}

export async function accounts(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const route = `${request.method} ${url.pathname}`;
  if (route === 'GET /api/auth/config') {
    send(response, 200, {
      registration_open: true,
      has_users: state.users.size > 0,
      password_reset: true,
    });
    return true;
  }
  if (route === 'POST /api/auth/register') {
    const body = await jsonOf<Schemas['Register']>(request);
    if (state.users.has(body.email)) {
      throw new Refusal(409, 'E-mail taken', 'there is an account with this address');
    }
    if (process.env.MOCK_EMPTY) forgetEverything();
    state.passwords.set(body.email, body.password);
    state.users.set(body.email, {
      id: randomUUID(),
      email: body.email,
      display_name: body.display_name || (body.email.split('@')[0] ?? body.email),
      role: state.users.size === 0 ? 'admin' : 'member',
      created_at: new Date().toISOString(),
    });
    openSession(response, 201, body.email);
    return true;
  }
  if (route === 'POST /api/auth/login') {
    const { email, password } = await jsonOf<Schemas['Login']>(request);
    if (state.passwords.get(email) !== password) {
      throw new Refusal(401, 'Wrong credentials', 'the e-mail address or the password is wrong');
    }
    openSession(response, 200, email);
    return true;
  }
  if (route === 'POST /api/auth/forgot' || route === 'POST /api/auth/reset') {
    send(response, route.endsWith('forgot') ? 202 : 204);
    return true;
  }
  const user = signedIn(request);
  if (route === 'GET /api/auth/me') {
    send(response, 200, user);
  } else if (route === 'POST /api/auth/logout') {
    response.setHeader('set-cookie', 'flashfit_session=; Max-Age=0; Path=/');
    send(response, 204);
  } else if (route === 'POST /api/auth/password') {
    const body = await jsonOf<Schemas['ChangePassword']>(request);
    if (body.current_password !== state.passwords.get(user.email)) {
      throw new Refusal(403, 'Wrong password', 'the current password is wrong');
    }
    state.passwords.set(user.email, body.new_password);
    send(response, 204);
  } else if (route === 'DELETE /api/auth/account') {
    state.users.delete(user.email);
    send(response, 204);
  } else if (route === 'GET /api/auth/sessions') {
    send(response, 200, { sessions: [session(user.created_at)] });
  } else if (route === 'DELETE /api/auth/sessions') {
    send(response, 200, { ended: 0 });
  } else if (route === 'GET /api/account/audit') {
    send(response, 200, { items: [activity(user.id, user.created_at)], next_cursor: null });
  } else if (route === 'GET /api/auth/tokens') {
    send(response, 200, { tokens: state.tokens });
  } else if (route === 'POST /api/auth/tokens') {
    const body = await jsonOf<Schemas['NewToken']>(request);
    const token = { id: randomUUID(), created_at: new Date().toISOString(), ...body };
    state.tokens.push(token);
    send(response, 201, { ...token, token: `ff_${randomUUID().replaceAll('-', '')}` });
  } else if (request.method === 'DELETE' && url.pathname.startsWith('/api/auth/tokens/')) {
    state.tokens = state.tokens.filter((one) => !url.pathname.endsWith(one.id));
    send(response, 204);
  } else {
    return false;
  }
  return true;
}
