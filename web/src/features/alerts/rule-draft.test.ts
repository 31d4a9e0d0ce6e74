import { expect, it } from 'vitest';

import {
  bodyOfRule,
  bodyOfRuleDraft,
  draftOfRule,
  newRule,
  problemsOfRule,
} from '@/features/alerts/rule-draft';
import { aRule } from '@/testing/operator-fixtures';

it('goes into the dialog and back unchanged', () => {
  const rule = aRule({
    for_seconds: 5_400,
    keep_firing_for_seconds: 0,
    labels: { severity: 'critical', team: 'home' },
    annotations: { summary: 'Redis is away', runbook_url: 'https://x.example/r', extra: 'e' },
  });
  expect(bodyOfRuleDraft(draftOfRule(rule))).toEqual(bodyOfRule(rule));
});

it('leaves out what was left empty', () => {
  const body = bodyOfRuleDraft({
    ...newRule(),
    name: ' Slow ',
    expression: ' up == 0 ',
    severity: '',
    labels: [
      { name: '', value: 'x' },
      { name: 'team', value: ' ' },
    ],
  });
  expect(body).toMatchObject({ name: 'Slow', expression: 'up == 0', labels: {}, annotations: {} });
});

it('says what is missing, beside its field', () => {
  expect(Object.keys(problemsOfRule(newRule()))).toEqual(['name', 'expression']);
  const odd = { ...newRule(), name: 'a', expression: 'up', forText: '-5m', keepText: 'soon' };
  expect(Object.keys(problemsOfRule(odd))).toEqual(['forText', 'keepText']);
});
