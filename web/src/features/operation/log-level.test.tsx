import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import type { LogLevel } from '@/api/operator-types';
import { LogLevelPanel } from '@/features/operation/log-level';
import { renderInApp } from '@/testing/render';
import { answer, json, problem } from '@/testing/server';

const CONFIGURED: LogLevel = { level: 'info,ort=warn', configured: 'info,ort=warn', instance: 'a' };
const field = () => screen.findByLabelText('Level or filter');

it('logs more for a while, and goes back', async () => {
  const sent: unknown[] = [];
  answer('get', '/api/admin/log-level', () => json(CONFIGURED));
  answer('put', '/api/admin/log-level', async (request) => {
    const body = (await request.json()) as { level: string };
    sent.push(body);
    return json({ ...CONFIGURED, level: body.level, until: '2099-05-04T10:00:00Z' });
  });
  answer('delete', '/api/admin/log-level', () => json(CONFIGURED));
  renderInApp(<LogLevelPanel />);
  expect(await screen.findByText('This is what the configuration says.')).toBeVisible();
  expect(screen.getByText(/instance a alone; forgotten when it starts again/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Reset' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'FlashFit in detail' }));
  await userEvent.selectOptions(screen.getByLabelText('For'), '10 minutes');
  await userEvent.click(screen.getByRole('button', { name: 'Change' }));
  expect(await screen.findByText(/^Changed, until 4 May 2099/)).toBeVisible();
  expect(sent).toEqual([{ level: 'info,ort=warn,flashfit=debug', for_seconds: 600 }]);
  expect(screen.getByTestId('level')).toHaveTextContent('info,ort=warn,flashfit=debug');
  await userEvent.click(screen.getByRole('button', { name: 'Reset' }));
  expect(await screen.findByText('This is what the configuration says.')).toBeVisible();
  expect(await field()).toHaveValue('info,ort=warn');
  expect(screen.getByRole('status')).toHaveFocus();
});

it('says at the field why it is no filter, and keeps what was typed', async () => {
  answer('get', '/api/admin/log-level', () => json(CONFIGURED));
  answer('put', '/api/admin/log-level', () =>
    problem(422, 'level: "hyper" is no part of a log filter: it is no level'),
  );
  renderInApp(<LogLevelPanel />);
  await userEvent.type(await field(), ',hyper{Enter}');
  await waitFor(async () => expect(await field()).toBeInvalid());
  expect(await field()).toHaveAccessibleDescription(/"hyper" is no part of a log filter/);
  expect(await field()).toHaveFocus();
  expect(await field()).toHaveValue('info,ort=warn,hyper');
  await userEvent.type(await field(), '=debug');
  expect(await field()).toBeValid();
});

it('says what else went wrong', async () => {
  answer('get', '/api/admin/log-level', () => json(CONFIGURED));
  answer('put', '/api/admin/log-level', () => problem(403, 'this is for administrators only'));
  renderInApp(<LogLevelPanel />);
  await userEvent.type(await field(), '{Enter}');
  expect(await screen.findByText('This is for administrators only')).toBeVisible();
});

it('says that it could not ask', async () => {
  answer('get', '/api/admin/log-level', () => problem(503, 'the server stops'));
  renderInApp(<LogLevelPanel />);
  expect(await screen.findByText('What is logged could not be read')).toBeVisible();
});
