import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import type { HealthChange, HealthCheck } from '@/api/operator-types';
import { HealthStrip } from '@/features/monitoring/health-strip';
import { renderInApp } from '@/testing/render';
import { answer, json, problem } from '@/testing/server';

const AT = '2026-05-04T10:00:00Z';
const now = (check: string, status: HealthCheck['status'], detail = ''): HealthCheck => ({
  check,
  status,
  detail,
  took_ms: 3,
  at: AT,
  instance: 'a',
});
const change = (hour: number, check: string, status: HealthCheck['status']): HealthChange => ({
  at: `2026-05-04T0${hour}:00:00Z`,
  instance: 'a',
  check,
  status,
  detail: status === 'ok' ? '' : `because of ${hour}`,
});

it('says what is the matter, and what changed last', async () => {
  answer('get', '/api/monitoring/health', () =>
    json({
      now: [now('http', 'ok'), now('cache', 'failed', 'redis does not answer')],
      changes: [
        change(1, 'disk', 'failed'),
        change(2, 'disk', 'ok'),
        change(3, 'clock', 'degraded'),
        change(4, 'cache', 'failed'),
      ],
    }),
  );
  renderInApp(<HealthStrip refresh="off" />);
  expect(await screen.findByRole('heading', { name: 'One part has failed' })).toBeVisible();
  expect(screen.getByText('Cache: failed')).toBeVisible();
  expect(screen.getByText('Redis does not answer')).toBeVisible();
  const changes = within(screen.getByRole('list', { name: 'Last changes' }));
  expect(changes.getAllByRole('listitem')[0]).toHaveTextContent('Cache failed: because of 4');
  expect(changes.getAllByRole('listitem')).toHaveLength(3);
  await userEvent.click(screen.getByRole('button', { name: /All 4 changes/ }));
  expect(changes.getAllByRole('listitem')).toHaveLength(4);
});

it('is calm where nothing is wrong', async () => {
  answer('get', '/api/monitoring/health', () => json({ now: [now('http', 'ok')], changes: [] }));
  renderInApp(<HealthStrip refresh="off" />);
  expect(await screen.findByRole('heading', { name: 'Everything is fine' })).toBeVisible();
  expect(screen.getByText('Nothing has changed in the last 24 hours.')).toBeVisible();
});

it('says that it could not ask', async () => {
  answer('get', '/api/monitoring/health', () => problem(503, 'the database is away'));
  renderInApp(<HealthStrip refresh="off" />);
  expect(await screen.findByText('The health checks could not be read')).toBeVisible();
  expect(screen.getByText('The database is away')).toBeVisible();
});
