import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import type { Alert, SilenceBody } from '@/api/operator-types';
import { AlertsNow } from '@/features/alerts/alerts-now';
import { renderInApp } from '@/testing/render';
import { anAlert, aSilence } from '@/testing/operator-fixtures';
import { answer, json, problem } from '@/testing/server';

/** All at once: letter by letter takes a dialog of this size too long. */
const fill = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

const serve = (...alerts: Alert[]) =>
  answer('get', '/api/alerts', () =>
    json({ alerts, evaluator: { leading: true, evaluated_at: null, interval_seconds: 15 } }),
  );
const section = async (name: string) => within(await screen.findByRole('region', { name }));

it('tells apart what wants attention, what does not, and what may come', async () => {
  const redis = anAlert();
  serve(
    anAlert({ fingerprint: 'f-2', name: 'ApiSlow', severity: 'warning', state: 'pending' }),
    anAlert({ fingerprint: 'f-3', name: 'CacheMisses', inhibited_by: ['f-1'] }),
    redis,
    anAlert({ fingerprint: 'f-4', name: 'DiskFull', silenced_by: ['s-1'] }),
    anAlert({ fingerprint: 'f-5', name: 'Was', state: 'resolved', resolved_at: redis.active_at }),
  );
  renderInApp(<AlertsNow />);
  const firing = await section('Firing');
  expect(firing.getAllByTestId('alert')).toHaveLength(1);
  expect(firing.getByText('Redis is away')).toBeVisible();
  expect(firing.getByText('FlashFit is slower without it.')).toBeVisible();
  expect(firing.getByRole('link', { name: 'What to do' })).toHaveAttribute(
    'href',
    redis.runbook_url,
  );
  const quiet = await section('Firing quietly');
  expect(quiet.getByText(/as RedisDown explains it/)).toBeVisible();
  expect(quiet.getByText(/silenced/)).toBeVisible();
  expect((await section('Pending')).getByText('ApiSlow')).toBeVisible();
  expect((await section('Just over')).getByText('Was')).toBeVisible();
});

it('is calm while nothing fires', async () => {
  serve();
  renderInApp(<AlertsNow />);
  expect(await screen.findByRole('heading', { name: 'All quiet' })).toBeVisible();
});

it('links to no address that leads to no page', async () => {
  const addresses = ['javascript:alert(1)', '//evil.example/', '/runbook#redisdown', null];
  serve(...addresses.map((runbook_url, at) => anAlert({ fingerprint: `f-${at}`, runbook_url })));
  renderInApp(<AlertsNow />);
  const links = await screen.findAllByRole('link', { name: 'What to do' });
  expect(links.map((link) => link.getAttribute('href'))).toEqual(['/runbook#redisdown']);
});

it('silences an alert by all of its labels, and asks why first', async () => {
  const sent: SilenceBody[] = [];
  serve(anAlert());
  answer('post', '/api/alerts/silences', async (request) => {
    sent.push((await request.json()) as SilenceBody);
    return json(aSilence(), 201);
  });
  renderInApp(<AlertsNow />);
  await userEvent.click(await screen.findByRole('button', { name: 'Silence RedisDown' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'New silence' }));
  expect(dialog.getByText('1 alert of this moment: RedisDown.')).toBeVisible();
  const confirm = dialog.getByRole('button', { name: 'Silence' });
  await userEvent.click(confirm);
  expect(await dialog.findByText(/A word on why/)).toBeVisible();
  await waitFor(() => expect(dialog.getByLabelText('Why')).toHaveFocus());
  expect(sent).toEqual([]);
  fill(dialog.getByLabelText('Why'), 'moving Redis');
  await userEvent.click(confirm);
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(sent[0]).toMatchObject({
    matchers: [
      { name: 'alertname', comparison: '=', value: 'RedisDown' },
      { name: 'severity', comparison: '=', value: 'critical' },
    ],
    comment: 'moving Redis',
  });
});

it('keeps the dialog with what was typed when the server refuses', async () => {
  serve(anAlert());
  answer('post', '/api/alerts/silences', () => problem(422, 'the time zone is unknown'));
  renderInApp(<AlertsNow />);
  await userEvent.click(await screen.findByRole('button', { name: 'Silence RedisDown' }));
  const dialog = within(await screen.findByRole('dialog'));
  fill(dialog.getByLabelText('Why'), 'moving Redis');
  await userEvent.click(dialog.getByRole('button', { name: 'Silence' }));
  expect(await dialog.findByText('The time zone is unknown')).toBeVisible();
  expect(dialog.getByLabelText('Why')).toHaveValue('moving Redis');
});
