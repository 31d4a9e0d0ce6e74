import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';

import type { Rule, RuleBody, Rules as RulesAnswer } from '@/api/operator-types';
import { Rules } from '@/features/alerts/rules';
import { renderInApp } from '@/testing/render';
import { aRule } from '@/testing/operator-fixtures';
import { answer, json } from '@/testing/server';

/** All at once: letter by letter takes a dialog of this size too long. */
const fill = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

const serve = (rules: Rule[], change: Partial<RulesAnswer> = {}) =>
  answer('get', '/api/alerts/rules', () =>
    json({
      groups: [{ name: 'stores', source: 'file', interval_seconds: 15, rules }],
      loaded_at: '2026-05-04T10:00:00Z',
      error: null,
      ...change,
    }),
  );
const show = (find?: string) => renderInApp(<Rules find={find} onFind={() => undefined} />);
const refuse = (detail: string, type: string) =>
  new Response(JSON.stringify({ type, status: 422, detail }), { status: 422 });

beforeEach(() => serve([aRule()]));

it('shows how each rule fares, and why one cannot be evaluated', async () => {
  serve([
    aRule({ id: 'a', name: 'A', state: 'firing', alerts: 2 }),
    aRule({ id: 'b', name: 'B', is_enabled: false, source: 'changed' }),
    aRule({ id: 'c', name: 'C', health: 'failed', last_error: 'many-to-many matching' }),
    aRule({ id: 'd', name: 'd:rate', kind: 'recording' }),
  ]);
  show();
  expect(await screen.findByText('2 alerts firing')).toBeVisible();
  expect(screen.getByText('switched off · changed here')).toBeVisible();
  expect(screen.getByText('Many-to-many matching')).toBeVisible();
  // What records is not switched.
  expect(screen.getAllByRole('switch')).toHaveLength(3);
});

it('finds rules by name and expression', async () => {
  serve([aRule({ id: 'a', name: 'A', expression: 'db_up == 0' }), aRule({ id: 'b', name: 'B' })]);
  show('DB_UP');
  expect(await screen.findByText('A')).toBeVisible();
  expect(screen.queryByText('B')).not.toBeInTheDocument();
});

it('says that the newest file is not in force, and where it is wrong', async () => {
  serve([aRule()], { error: { message: 'unknown field exprr', line: 6, column: 9 } });
  show();
  expect(await screen.findByText('Unknown field exprr (line 6, column 9)')).toBeVisible();
});

it('switches a rule off without changing anything else of it', async () => {
  const sent: RuleBody[] = [];
  answer('put', '/api/alerts/rules/{id}', async (request) => {
    sent.push((await request.json()) as RuleBody);
    return json(aRule({ is_enabled: false, source: 'changed' }));
  });
  show();
  await userEvent.click(await screen.findByRole('switch', { name: 'RedisDown is on' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  const { name, expression, for_seconds, labels, annotations } = aRule();
  expect(sent[0]).toMatchObject({ name, expression, for_seconds, labels, annotations });
  expect(sent[0]?.is_enabled).toBe(false);
});

async function newRule(expression: string) {
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'New rule' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'New rule' }));
  fill(dialog.getByLabelText('Name'), 'Odd');
  fill(dialog.getByLabelText('Fires when'), expression);
  return dialog;
}

it('shows at the field where the expression is wrong', async () => {
  answer('post', '/api/alerts/rules', () =>
    refuse('expression, line 1, column 6: unexpected end', '/problems/wrong-expression'),
  );
  const dialog = await newRule('up ==');
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  const field = dialog.getByLabelText('Fires when');
  await waitFor(() => expect(field).toHaveFocus());
  expect(field).toBeInvalid();
  expect(dialog.getByText('Expression, line 1, column 6: unexpected end')).toBeVisible();
  expect(dialog.getByText(/\^/).textContent).toBe('up ==\n     ^');
  // What is typed next is not wrong yet.
  fill(field, 'up == 0');
  expect(field).not.toBeInvalid();
});

it('says of anything else what it is, and does not blame the expression', async () => {
  answer('post', '/api/alerts/rules', () =>
    refuse('annotation summary: the template does not end', '/problems/wrong-rule'),
  );
  const dialog = await newRule('up == 0');
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  expect(await dialog.findByRole('alert')).toHaveTextContent('the template does not end');
  expect(dialog.getByLabelText('Fires when')).not.toBeInvalid();
});

it('shows what would have fired before anybody is told of it', async () => {
  const asked: { hours: number; expression: string }[] = [];
  answer('post', '/api/alerts/rules/preview', async (request) => {
    asked.push((await request.json()) as (typeof asked)[number]);
    return json({
      from: '2026-05-04T04:00:00Z',
      to: '2026-05-04T10:00:00Z',
      step_seconds: 15,
      firings: [
        {
          labels: { alertname: 'Odd', route: '/api/taste' },
          active_at: '2026-05-04T05:00:00Z',
          fired_at: '2026-05-04T05:05:00Z',
          resolved_at: '2026-05-04T05:20:00Z',
          peak_value: 3.5,
          summary: 'odd things',
        },
      ],
    });
  });
  const dialog = await newRule('up == 0');
  await userEvent.click(dialog.getByRole('radio', { name: '6 h' }));
  await userEvent.click(dialog.getByRole('button', { name: 'Preview' }));
  expect(
    await dialog.findByText('It would have fired once in the last 6 hours, for 15 minutes.'),
  ).toBeVisible();
  expect(dialog.getByText('odd things')).toBeVisible();
  expect(dialog.getByText('route=/api/taste')).toBeInTheDocument();
  expect(asked[0]).toMatchObject({ hours: 6, expression: 'up == 0' });
});
