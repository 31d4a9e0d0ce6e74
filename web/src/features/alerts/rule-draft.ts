// A rule as the dialog keeps it: durations as text, the usual labels and annotations by name.
import type { Rule, RuleBody } from '@/api/operator-types';
import { parseDuration, writeDuration } from '@/lib/duration';

export interface Pair {
  name: string;
  value: string;
}

export interface RuleDraft {
  id?: string;
  name: string;
  expression: string;
  forText: string;
  keepText: string;
  severity: string;
  summary: string;
  description: string;
  runbook: string;
  /** What has no field of its own. */
  labels: Pair[];
  annotations: Pair[];
  isEnabled: boolean;
}

export const SEVERITIES = ['critical', 'warning', 'info'];

const OWN_ANNOTATIONS = ['summary', 'description', 'runbook_url'];

const pairsOf = (record: Record<string, string>, except: string[]): Pair[] =>
  Object.entries(record)
    .filter(([name]) => !except.includes(name))
    .map(([name, value]) => ({ name, value }));

export const newRule = (): RuleDraft => ({
  name: '',
  expression: '',
  forText: '5m',
  keepText: '0s',
  severity: 'warning',
  summary: '',
  description: '',
  runbook: '',
  labels: [],
  annotations: [],
  isEnabled: true,
});

export const draftOfRule = (rule: Rule): RuleDraft => ({
  id: rule.id,
  name: rule.name,
  expression: rule.expression,
  forText: writeDuration(rule.for_seconds),
  keepText: writeDuration(rule.keep_firing_for_seconds),
  severity: rule.labels.severity ?? '',
  summary: rule.annotations.summary ?? '',
  description: rule.annotations.description ?? '',
  runbook: rule.annotations.runbook_url ?? '',
  labels: pairsOf(rule.labels, ['severity']),
  annotations: pairsOf(rule.annotations, OWN_ANNOTATIONS),
  isEnabled: rule.is_enabled,
});

/** The rule as it stands, for a change of one thing. */
export const bodyOfRule = (rule: Rule): RuleBody => ({
  name: rule.name,
  expression: rule.expression,
  for_seconds: rule.for_seconds,
  keep_firing_for_seconds: rule.keep_firing_for_seconds,
  labels: rule.labels,
  annotations: rule.annotations,
  is_enabled: rule.is_enabled,
});

export type RuleField = 'name' | 'expression' | 'forText' | 'keepText';
export type RuleProblems = Partial<Record<RuleField, string>>;

const isDuration = (text: string) => parseDuration(text) !== undefined;
const DURATION_HINT = 'A duration such as 30s, 5m or 1h30m';

export function problemsOfRule(draft: RuleDraft): RuleProblems {
  const problems: RuleProblems = {};
  if (draft.name.trim() === '') problems.name = 'The alert needs a name';
  if (draft.expression.trim() === '') problems.expression = 'Say when it is to fire';
  if (!isDuration(draft.forText)) problems.forText = DURATION_HINT;
  if (!isDuration(draft.keepText)) problems.keepText = DURATION_HINT;
  return problems;
}

const recordOf = (pairs: Pair[]): Record<string, string> =>
  Object.fromEntries(
    pairs
      .map(({ name, value }) => [name.trim(), value] as const)
      .filter(([name, value]) => name !== '' && value.trim() !== ''),
  );

export const bodyOfRuleDraft = (draft: RuleDraft): RuleBody => ({
  name: draft.name.trim(),
  expression: draft.expression.trim(),
  for_seconds: parseDuration(draft.forText) ?? 0,
  keep_firing_for_seconds: parseDuration(draft.keepText) ?? 0,
  labels: recordOf([{ name: 'severity', value: draft.severity }, ...draft.labels]),
  annotations: recordOf([
    { name: 'summary', value: draft.summary },
    { name: 'description', value: draft.description },
    { name: 'runbook_url', value: draft.runbook },
    ...draft.annotations,
  ]),
  is_enabled: draft.isEnabled,
});
