import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, expect, it } from 'vitest';

import type { AuditEntry } from '@/api/types';
import { AuditLog } from '@/features/operation/audit-log';
import type { AuditFilters } from '@/lib/operation-search';
import { renderInApp } from '@/testing/render';
import { answer, json, problem } from '@/testing/server';

const ME = '01a231c0-7dfa-7492-90be-000000000001';
const ADA = '01a231c0-7dfa-7492-90be-0000000000ad';

const entry = (change: Partial<AuditEntry>): AuditEntry => ({
  id: 'a-1',
  at: '2026-05-04T10:00:00Z',
  action: 'sign-in',
  actor: ADA,
  subject: ADA,
  address: '192.0.2.7',
  agent: 'Firefox on Linux',
  details: {},
  request_id: null,
  ...change,
});

function Page() {
  const [filters, setFilters] = useState<AuditFilters>({});
  return <AuditLog filters={filters} onFilter={setFilters} />;
}

/** Serves these, and keeps what was asked for. */
function serve(respond: (query: URLSearchParams) => Response) {
  const asked: string[] = [];
  answer('get', '/api/admin/audit', (request) => {
    const query = new URL(request.url).searchParams;
    query.delete('limit');
    asked.push(query.toString());
    return respond(query);
  });
  return asked;
}

const page = (items: AuditEntry[], next_cursor: string | null = null) =>
  json({ items, next_cursor });

beforeEach(() =>
  answer('get', '/api/auth/me', () =>
    json({ id: ME, email: 'me@example.org', display_name: 'Me', role: 'admin', created_at: '' }),
  ),
);

it('says who did what with whose account, page by page', async () => {
  serve((query) =>
    query.has('cursor')
      ? page([entry({ id: 'a-4', action: 'sign-in-failed', actor: null })])
      : page(
          [
            entry({ action: 'token-made', details: { name: 'robot' } }),
            entry({ id: 'a-2', actor: ME, subject: ME }),
            entry({ id: 'a-3', action: 'password-set', actor: null, address: null }),
          ],
          'more',
        ),
  );
  renderInApp(<Page />);
  const [made, own, set] = await screen.findAllByTestId('audit-entry');
  expect(made).toHaveTextContent('An API token was made: robot');
  expect(made).toHaveTextContent('Account …000000ad, by its owner');
  expect(made).toHaveTextContent('4 May 2026');
  expect(made).toHaveTextContent('Firefox on Linux · 192.0.2.7');
  expect(own).toHaveTextContent('Your account, by you');
  expect(set).toHaveTextContent('by whoever runs the server');
  expect(screen.getByRole('status')).toHaveTextContent('3 entries, newest first; there are more.');
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(
    await screen.findByText('Somebody tried a wrong password', { selector: 'p' }),
  ).toBeVisible();
  expect(screen.getByText(/by somebody not signed in/)).toBeVisible();
  expect(screen.getByRole('status')).toHaveTextContent('4 entries, newest first.');
});

it('asks for one kind, and for one account by pressing it', async () => {
  const asked = serve(() => page([entry({})]));
  renderInApp(<Page />);
  await screen.findByTestId('audit-entry');
  await userEvent.selectOptions(screen.getByLabelText('What was done'), 'Signed in');
  await userEvent.click(screen.getByRole('button', { name: 'Show' }));
  await userEvent.click(await screen.findByRole('button', { name: /only this account/ }));
  expect(await screen.findByDisplayValue(ADA)).toBeVisible();
  expect(asked).toEqual(['', 'action=sign-in', `subject=${ADA}&action=sign-in`]);
  await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
  expect(screen.getByLabelText('Account')).toHaveValue('');
});

it('says at the field that there is no such account', async () => {
  const asked = serve((query) =>
    query.has('email') ? problem(404, 'there is no account with this e-mail address') : page([]),
  );
  renderInApp(<Page />);
  const field = await screen.findByLabelText('Account');
  await userEvent.type(field, 'ada{Enter}');
  expect(screen.getByText(/An e-mail address or the id/)).toBeVisible();
  expect(field).toHaveFocus();
  await userEvent.type(field, '@example.org{Enter}');
  expect(await screen.findByText('There is no account with this e-mail address')).toBeVisible();
  expect(field).toHaveAccessibleDescription(/There is no account/);
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  expect(asked).toEqual(['', 'email=ada%40example.org']);
});

it('says that nothing is as asked for, and shows everything again', async () => {
  serve((query) => (query.has('actor') ? page([]) : page([entry({})])));
  renderInApp(<Page />);
  await userEvent.click(await screen.findByRole('button', { name: 'More filters' }));
  await userEvent.type(screen.getByLabelText('Done by'), `${ME}{Enter}`);
  expect(await screen.findByRole('heading', { name: 'Nothing like this' })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Show everything' }));
  expect(await screen.findByTestId('audit-entry')).toBeVisible();
});

it('says that it could not ask, and keeps what it has when there is no more to be had', async () => {
  let isAway = true;
  serve((query) => {
    if (query.has('cursor') || isAway) return problem(503, 'the database is away');
    return page([entry({})], 'more');
  });
  renderInApp(<Page />);
  const note = within(await screen.findByRole('alert'));
  expect(note.getByText('The audit log could not be loaded')).toBeVisible();
  isAway = false;
  await userEvent.click(note.getByRole('button', { name: 'Try again' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
  expect(await screen.findByText('No more could be loaded')).toBeVisible();
  expect(screen.getByTestId('audit-entry')).toBeVisible();
});
