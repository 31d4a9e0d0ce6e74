import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { OperatorPlaces } from '@/app/operator-places';
import { OperatorsOnly } from '@/app/operators-only';
import { anAlert } from '@/testing/operator-fixtures';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

const signedInAs = (role: 'admin' | 'member') =>
  answer('get', '/api/auth/me', () =>
    json({ id: 'u', email: 'ada@example.org', display_name: 'Ada', role, created_at: '' }),
  );
const Sidebar = () => (
  <>
    <OperatorPlaces />
    <OperatorsOnly />
  </>
);

it('shows administrators their pages, and how much fires that nobody has seen to', async () => {
  signedInAs('admin');
  answer('get', '/api/alerts', () =>
    json({
      alerts: [
        anAlert(),
        anAlert({ fingerprint: 'f-2', state: 'pending' }),
        anAlert({ fingerprint: 'f-3', silenced_by: ['s'] }),
        anAlert({ fingerprint: 'f-4' }),
      ],
      evaluator: { leading: true, evaluated_at: null, interval_seconds: 15 },
    }),
  );
  renderInApp(<Sidebar />);
  expect(await screen.findByRole('link', { name: 'Monitoring' })).toBeVisible();
  expect(await screen.findByRole('link', { name: 'Alerts 2 firing' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Operation' })).toBeVisible();
  expect(screen.queryByText('This page is not yours to see')).not.toBeInTheDocument();
});

it('shows others neither the pages nor their names, and asks for no alerts', async () => {
  // A question for alerts would fail the test: nothing answers it.
  signedInAs('member');
  renderInApp(<Sidebar />);
  expect(
    await screen.findByRole('heading', { name: 'This page is not yours to see' }),
  ).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Monitoring' })).not.toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Operation' })).not.toBeInTheDocument();
});
