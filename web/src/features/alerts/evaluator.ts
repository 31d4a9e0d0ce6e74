// Whether the rules are being looked at, in one sentence.
import type { Alerts } from '@/api/operator-types';
import { sayDuration } from '@/lib/duration';
import { formatAgo } from '@/lib/format';

/** So many rounds missed are no accident. */
const MISSED_ROUNDS = 4;

export function evaluatorWords(
  { evaluated_at, interval_seconds, leading }: Alerts['evaluator'],
  isUnreachable: boolean,
  now: number = Date.now(),
): { words: string; isWorrying: boolean } {
  if (isUnreachable) {
    return { words: 'Not up to date: the server does not answer.', isWorrying: true };
  }
  const rhythm = `every ${sayDuration(interval_seconds)}`;
  if (!evaluated_at) {
    return { words: `The rules will be evaluated ${rhythm}; not once so far.`, isWorrying: false };
  }
  const age = (now - new Date(evaluated_at).getTime()) / 1000;
  if (age > interval_seconds * MISSED_ROUNDS) {
    const words = `The rules were last evaluated ${formatAgo(evaluated_at, now)}, though it should be ${rhythm}.`;
    return { words, isWorrying: true };
  }
  const by = leading ? '' : ', by another instance';
  return { words: `The rules are evaluated ${rhythm}${by}.`, isWorrying: false };
}
