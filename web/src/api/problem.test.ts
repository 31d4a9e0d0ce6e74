import { describe, expect, it } from 'vitest';

import { bodyOf, client } from '@/api/client';
import { parseItemEvent } from '@/api/events';
import { Problem, problemFromBody, toProblem } from '@/api/problem';
import { answer, json, problem } from '@/testing/server';

describe('a failed answer', () => {
  it('says what the server said', () => {
    const body = JSON.stringify({
      type: '/problems/weak-password',
      title: 'Weak password',
      status: 422,
      detail: 'the password has 5 characters',
      request_id: 'abc',
    });
    const found = problemFromBody(422, body);
    expect(found).toMatchObject({
      type: '/problems/weak-password',
      detail: 'the password has 5 characters',
      requestId: 'abc',
      isTransient: false,
    });
  });

  it('is understood even when a proxy answered with a page', () => {
    const found = problemFromBody(502, '<html>Bad gateway</html>');
    expect(found.detail).toBe('The server is not answering');
    expect(found.isTransient).toBe(true);
  });

  it('carries how long to wait', () => {
    const headers = new Headers({ 'retry-after': '7' });
    expect(problemFromBody(429, '', headers).retryAfterSeconds).toBe(7);
  });
});

describe('the client', () => {
  it('throws a problem', async () => {
    answer('get', '/api/auth/me', () => problem(401, 'sign in first'));
    const failure = await bodyOf(client.GET('/api/auth/me')).catch(toProblem);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ isSignedOut: true, detail: 'sign in first' });
  });

  it('says so when nobody answers', async () => {
    answer('get', '/api/taste', () => Response.error());
    await expect(client.GET('/api/taste')).rejects.toMatchObject({ status: 0, isTransient: true });
  });

  it('guards every change with the header that foreign pages cannot send', async () => {
    let guard: string | null = null;
    answer('post', '/api/auth/logout', (request) => {
      guard = request.headers.get('x-requested-with');
      return json({});
    });
    await client.POST('/api/auth/logout');
    expect(guard).toBe('flashfit');
  });
});

it('ignores events it does not understand', () => {
  expect(parseItemEvent('{"id":"1","state":"ready"}')).toMatchObject({ id: '1', state: 'ready' });
  expect(parseItemEvent('{"id":1}')).toBeNull();
  expect(parseItemEvent('not json')).toBeNull();
});
