import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import type { Silence } from '@/api/operator-types';
import { Silences } from '@/features/alerts/silences';
import { renderInApp } from '@/testing/render';
import { aSilence } from '@/testing/operator-fixtures';
import { answer, json } from '@/testing/server';

const serve = (silences: () => Silence[]) => {
  answer('get', '/api/alerts/silences', () => json({ silences: silences() }));
  answer('get', '/api/alerts', () =>
    json({
      alerts: [],
      evaluator: { leading: true, evaluated_at: null, interval_seconds: 15 },
    }),
  );
};

it('ends a silence now, once asked whether it is meant', async () => {
  let silence = aSilence({ comment: 'moving Redis' });
  serve(() => [silence]);
  answer('delete', '/api/alerts/silences/{id}', (request) => {
    expect(request.url).toMatch(/\/s-1$/);
    silence = { ...silence, status: 'expired' };
    return new Response(null, { status: 204 });
  });
  renderInApp(<Silences />);
  expect(await screen.findByRole('region', { name: 'In force' })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'End: moving Redis' }));
  expect(silence.status).toBe('active');
  await userEvent.click(await screen.findByRole('button', { name: 'End it' }));
  expect(await screen.findByRole('region', { name: 'Over' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'End: moving Redis' })).not.toBeInTheDocument();
});

it('changes one that is in force under its own id', async () => {
  const sent: unknown[] = [];
  serve(() => [aSilence({ ends_at: '2099-05-04T12:00:00Z' })]);
  answer('put', '/api/alerts/silences/{id}', async (request) => {
    sent.push(await request.json());
    return json(aSilence());
  });
  renderInApp(<Silences />);
  await userEvent.click(await screen.findByRole('button', { name: 'Change: moving Redis' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Change the silence' }));
  await userEvent.click(dialog.getByRole('switch'));
  await userEvent.click(dialog.getByRole('checkbox', { name: 'Monday' }));
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    starts_at: '2026-05-04T09:00:00.000Z',
    ends_at: '2099-05-04T12:00:00.000Z',
    weekly: { days: ['monday', 'saturday', 'sunday'], from: '22:00', to: '06:00' },
  });
});

it('says what a silence is for where there is none', async () => {
  serve(() => []);
  renderInApp(<Silences />);
  expect(await screen.findByRole('heading', { name: 'Nothing is silenced' })).toBeVisible();
});
