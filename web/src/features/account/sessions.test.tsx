import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { OwnSession } from '@/api/types';
import { Sessions } from '@/features/account/sessions';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

function aSession(change: Partial<OwnSession> = {}): OwnSession {
  return {
    id: 's-1',
    is_current: true,
    created_at: '2026-05-04T10:00:00Z',
    last_used_at: '2026-05-04T10:00:00Z',
    expires_at: '2026-06-03T10:00:00Z',
    address: '192.0.2.7',
    agent: 'Firefox on Linux',
    ...change,
  };
}

const phone = aSession({ id: 's-2', is_current: false, agent: 'Safari on iPhone', address: null });

test('each session says where it is, and another one can be ended', async () => {
  let sessions = [aSession(), phone];
  answer('get', '/api/auth/sessions', () => json({ sessions }));
  const ended: string[] = [];
  answer('delete', '/api/auth/sessions/{id}', (request) => {
    ended.push(new URL(request.url).pathname.split('/').at(-1) ?? '');
    sessions = [aSession()];
    return new Response(null, { status: 204 });
  });
  renderInApp(<Sessions />);
  const [here] = await screen.findAllByRole('listitem');
  expect(within(here!).getByText('This one')).toBeInTheDocument();
  expect(within(here!).getByText(/192\.0\.2\.7/)).toBeInTheDocument();
  expect(within(here!).queryByRole('button')).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Sign out Safari on iPhone' }));
  await waitFor(() => expect(screen.queryByText('Safari on iPhone')).not.toBeInTheDocument());
  expect(ended).toEqual(['s-2']);
});

test('all others are ended at once, which is offered only where there are others', async () => {
  let sessions = [aSession(), phone];
  answer('get', '/api/auth/sessions', () => json({ sessions }));
  answer('delete', '/api/auth/sessions', () => {
    sessions = [aSession()];
    return json({ ended: 1 });
  });
  renderInApp(<Sessions />);
  await userEvent.click(await screen.findByRole('button', { name: 'Sign out everywhere else' }));
  expect(await screen.findByText('1 session ended.')).toBeInTheDocument();
  await waitFor(() =>
    expect(screen.queryByRole('button', { name: 'Sign out everywhere else' })).not.toBeInTheDocument(),
  );
});
