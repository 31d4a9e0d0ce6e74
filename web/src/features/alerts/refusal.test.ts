import { expect, it } from 'vitest';

import { Problem } from '@/api/problem';
import { refusalOf } from '@/features/alerts/refusal';

const refused = (detail: string, type = '/problems/wrong-expression') =>
  new Problem({ type, title: 'Refused', status: 422, detail });

it('points at the place in the expression', () => {
  const refusal = refusalOf(
    refused('expression, line 2, column 5: unknown function foo'),
    'up ==\n  1 foo(x)',
  );
  expect(refusal.isOfExpression).toBe(true);
  expect(refusal.excerpt).toEqual({ line: '  1 foo(x)', mark: '    ^' });
  expect(refusal.words).toContain('line 2, column 5');
});

it('shows the part of a long line that matters', () => {
  const expression = `${'a'.repeat(200)} ?`;
  const { excerpt } = refusalOf(refused('line 1, column 202: unexpected ?'), expression);
  expect(excerpt?.line[excerpt.mark.indexOf('^')]).toBe('?');
});

it('does not blame the expression for something else', () => {
  const { isOfExpression, excerpt } = refusalOf(
    refused('annotation summary, line 1, column 3: unknown function', '/problems/wrong-rule'),
    'up',
  );
  expect(isOfExpression).toBe(false);
  expect(excerpt).toBeUndefined();
});

it('survives a place that is not there', () => {
  expect(refusalOf(refused('line 9, column 1: odd'), 'up').excerpt).toBeUndefined();
});
