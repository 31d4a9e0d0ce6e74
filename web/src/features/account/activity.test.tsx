import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { AuditEntry } from '@/api/types';
import { Activity } from '@/features/account/activity';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

function anEntry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 'a-1',
    at: '2026-05-04T10:00:00Z',
    action: 'sign-in',
    actor: 'u-1',
    subject: 'u-1',
    address: '192.0.2.7',
    agent: 'Firefox on Linux',
    details: {},
    request_id: null,
    ...change,
  };
}

test('what was done is said in words, page by page', async () => {
  answer('get', '/api/account/audit', (request) =>
    new URL(request.url).searchParams.has('cursor')
      ? json({ items: [anEntry({ id: 'a-3', action: 'sign-up' })], next_cursor: null })
      : json({
          items: [
            anEntry({ action: 'token-made', details: { name: 'closet robot' } }),
            anEntry({ id: 'a-2', action: 'sign-in-failed', actor: null, agent: null }),
          ],
          next_cursor: 'more',
        }),
  );
  renderInApp(<Activity />);
  expect(await screen.findByText('An API token was made: closet robot')).toBeInTheDocument();
  expect(screen.getByText('Somebody tried a wrong password')).toBeInTheDocument();
  expect(screen.getByText(/Firefox on Linux · 192\.0\.2\.7/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(await screen.findByText('The account was made')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Show more' })).not.toBeInTheDocument();
});
