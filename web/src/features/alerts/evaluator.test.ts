import { expect, it } from 'vitest';

import { evaluatorWords } from '@/features/alerts/evaluator';

const NOW = Date.parse('2026-05-04T10:00:00Z');
const words = (evaluated_at: string | null, leading = true, isUnreachable = false) =>
  evaluatorWords({ evaluated_at, leading, interval_seconds: 15 }, isUnreachable, NOW);

it('is calm while the rules are looked at', () => {
  expect(words('2026-05-04T09:59:50Z')).toEqual({
    words: 'The rules are evaluated every 15 seconds.',
    isWorrying: false,
  });
  expect(words('2026-05-04T09:59:50Z', false).words).toContain('by another instance');
  expect(words(null).isWorrying).toBe(false);
});

it('worries when they are not', () => {
  const late = words('2026-05-04T09:50:00Z');
  expect(late.isWorrying).toBe(true);
  expect(late.words).toContain('10 minutes ago');
  expect(words('2026-05-04T09:59:50Z', true, true).isWorrying).toBe(true);
});
