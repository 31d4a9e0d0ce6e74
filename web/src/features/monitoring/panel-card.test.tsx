import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import type { Panel } from '@/api/operator-types';
import { PanelCard } from '@/features/monitoring/panel-card';
import type { Range } from '@/lib/time-range';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

vi.mock('@/components/time-chart/plot', () => ({
  createPlot: () => ({
    show: () => undefined,
    resize: () => undefined,
    point: () => undefined,
    destroy: () => undefined,
  }),
}));

const PANEL: Panel = {
  id: 'requests',
  title: 'Requests',
  help: 'answered, by status.',
  unit: 'per_second',
  queries: [
    { legend: '{{status}}', expression: 'sum by (status) (rate(http_requests_total[$window]))' },
    { legend: 'turned away', expression: 'sum(rate(rate_limited_total[$window]))' },
  ],
};
const show = (range: Range = '1h') =>
  renderInApp(<PanelCard dashboard="api" panel={PANEL} range={range} refresh="off" />);

const matrix = (...result: object[]) =>
  json({ status: 'success', data: { resultType: 'matrix', result } });
const failure = (error: string, status = 422) =>
  json({ status: 'error', errorType: 'execution', error }, status);

it('asks every query on one grid, and draws what they give', async () => {
  const asked: URLSearchParams[] = [];
  answer('get', '/api/monitoring/query_range', (request) => {
    const query = new URL(request.url).searchParams;
    asked.push(query);
    const time = Number(query.get('end'));
    return query.get('query')?.includes('by (status)')
      ? matrix(
          { metric: { status: '200' }, values: [[time, '12.5']] },
          { metric: { status: '500' }, values: [[time, '0.25']] },
        )
      : matrix({ metric: {}, values: [[time, '0']] });
  });
  show();
  const legend = within(await screen.findByRole('list', { name: 'Values of Requests' }));
  expect(legend.getAllByRole('listitem').map((entry) => entry.textContent)).toEqual([
    '20012.5 /s',
    '5000.25 /s',
    'turned away0 /s',
  ]);
  expect(asked[0]?.get('query')).toBe('sum by (status) (rate(http_requests_total[60s]))');
  expect(asked[0]?.get('step')).toBe('15');
  expect(Number(asked[0]?.get('end')) % 15).toBe(0);
  expect(asked[1]?.get('end')).toBe(asked[0]?.get('end'));
});

it('says that nothing was measured rather than drawing nothing', async () => {
  answer('get', '/api/monitoring/query_range', () => matrix());
  show();
  expect(await screen.findByText('Nothing measured in this time')).toBeVisible();
  expect(screen.getByText(/the server has just started/)).toBeVisible();
});

it('says what the matter is in the words of the server, and tries again', async () => {
  answer('get', '/api/monitoring/query_range', () => failure('too many series: narrow it down'));
  show();
  expect(await screen.findByText('This chart could not be drawn')).toBeVisible();
  expect(screen.getByText('Too many series: narrow it down')).toBeVisible();
  answer('get', '/api/monitoring/query_range', () => matrix());
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Nothing measured in this time')).toBeVisible();
});

it('draws what it has when one of its queries fails, and names the other', async () => {
  answer('get', '/api/monitoring/query_range', (request) => {
    const query = new URL(request.url).searchParams;
    return query.get('query')?.includes('rate_limited')
      ? failure('the query took too long', 400)
      : matrix({ metric: { status: '200' }, values: [[Number(query.get('end')), '1']] });
  });
  show();
  expect(
    await screen.findByText('“turned away” is missing: the query took too long.'),
  ).toBeVisible();
  expect(screen.getByRole('list', { name: 'Values of Requests' })).toBeVisible();
});

it('reads what is older than a day from the database', async () => {
  const asked: URLSearchParams[] = [];
  answer('get', '/api/monitoring/history', (request) => {
    const query = new URL(request.url).searchParams;
    asked.push(query);
    const time = Date.parse(query.get('to') ?? '') / 1000;
    return json({
      queries: [
        { legend: '{{status}}', result: [{ metric: { status: '200' }, values: [[time, '7']] }] },
      ],
    });
  });
  show('7d');
  expect(await screen.findByText('7 /s')).toBeVisible();
  const query = asked[0];
  expect(query?.get('dashboard')).toBe('api');
  expect(query?.get('panel')).toBe('requests');
  const span = Date.parse(query?.get('to') ?? '') - Date.parse(query?.get('from') ?? '');
  expect(span).toBe(7 * 86_400_000);
});

it('shows the PromQL behind the chart, ready to be pasted elsewhere', async () => {
  const user = userEvent.setup();
  answer('get', '/api/monitoring/query_range', () => matrix());
  show('24h');
  await user.click(await screen.findByRole('button', { name: 'PromQL of Requests' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Requests' }));
  expect(dialog.getByText('sum(rate(rate_limited_total[240s]))')).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Copy the expression of turned away' }));
  expect(await dialog.findByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe('sum(rate(rate_limited_total[240s]))');
});
