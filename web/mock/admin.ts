// The audit log and what is logged, for administrators.
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { LogLevel, LogLevelBody } from '@/api/operator-types';
import type { AuditAction, AuditEntry } from '@/api/types';
import { jsonOf, Refusal, send } from './http.ts';
import { ago } from './rules.ts';
import { state } from './state.ts';

const PAGE_SIZE = 20;
const ACTIONS: AuditAction[] = [
  'sign-in',
  'token-made',
  'sign-in-failed',
  'password-reset-asked',
  'password-reset',
  'sign-out',
  'role-changed',
  'account-exported',
  'sign-up',
];
/** Whoever left is but an id. */
const GONE = '01a231c0-7e4e-747d-8695-7841b5261bee';

function entry(at: number, subject: string): AuditEntry {
  const action = ACTIONS[at % ACTIONS.length] ?? 'sign-in';
  const isStrangers = action === 'sign-in-failed' || action === 'password-reset-asked';
  const isOperators = action === 'role-changed';
  const tail = String(at).padStart(12, '0');
  return {
    id: `01a231c0-7e4e-747d-8695-${tail}`,
    at: ago(at * at * 7),
    action,
    actor: isStrangers || isOperators ? null : subject,
    subject,
    address: isOperators ? null : '192.0.2.7',
    agent: isOperators ? null : 'Firefox on Linux',
    details: action.startsWith('token') ? { name: 'closet robot' } : { role: 'member' },
    request_id: isOperators ? null : `01a231c0-7e14-7732-8bc7-${tail}`,
  };
}

function audit(query: URLSearchParams) {
  const email = query.get('email');
  const user = email ? state.users.get(email) : undefined;
  if (email && !user) {
    throw new Refusal(404, 'User not found', 'there is no account with this e-mail address');
  }
  const subject = user?.id ?? query.get('subject');
  const people = [...[...state.users.values()].map(({ id }) => id), GONE];
  const [action, actor] = [query.get('action'), query.get('actor')];
  const [from, until] = [query.get('from') ?? '', query.get('until') ?? '9'];
  const found = Array.from({ length: 70 }, (_, at) =>
    entry(at, people[at % people.length] ?? GONE),
  ).filter(
    (one) =>
      (!subject || one.subject === subject) &&
      (!actor || one.actor === actor) &&
      (!action || one.action === action) &&
      one.at >= from &&
      one.at < until,
  );
  const start = Number(query.get('cursor') ?? 0);
  const end = start + PAGE_SIZE;
  return {
    items: found.slice(start, end),
    next_cursor: end < found.length ? String(end) : null,
  };
}

const CONFIGURED = 'info,ort=warn,actix_server=warn,actix_http=off';
const configured: LogLevel = { level: CONFIGURED, configured: CONFIGURED, instance: 'mock:0' };
let current = configured;

function changed({ level, for_seconds }: LogLevelBody): LogLevel {
  const wrong = level
    .split(',')
    .find((part) => !/=|^(trace|debug|info|warn|error|off)$/i.test(part));
  if (wrong !== undefined) {
    const detail = `level: "${wrong}" is no part of a log filter: it is no level`;
    throw new Refusal(422, 'Wrong value', detail);
  }
  const until = for_seconds ? ago(-for_seconds / 60) : undefined;
  return { ...configured, level, until };
}

async function logLevel(request: IncomingMessage): Promise<LogLevel> {
  if (request.method === 'PUT') current = changed(await jsonOf<LogLevelBody>(request));
  if (request.method === 'DELETE') current = configured;
  if (current.until && new Date(current.until) <= new Date()) current = configured;
  return current;
}

export async function admin(
  request: IncomingMessage,
  response: ServerResponse,
  part: string,
  query: URLSearchParams,
): Promise<boolean> {
  if (part === 'audit') send(response, 200, audit(query));
  else if (part === 'log-level') send(response, 200, await logLevel(request));
  else return false;
  return true;
}
