import { toProblem } from '@/api/problem';
import { sentenceCase } from '@/lib/format';

const SHORTEST = 12;

export const PASSWORD_ADVICE = `At least ${SHORTEST} characters: a few words are easiest`;

/** What the server would say about a new password, said sooner. */
export function passwordProblem(password: string): string | null {
  const length = Array.from(password).length;
  if (length >= SHORTEST) return null;
  return `At least ${SHORTEST} characters; this has ${length}`;
}

const FAULTS = ['/problems/invalid-password', '/problems/guessable-password'];

/** What the server finds wrong with a new password, to be said at its field; null where something else is wrong. */
export function passwordFault(error: unknown): string | null {
  const problem = toProblem(error);
  if (!FAULTS.includes(problem.type)) return null;
  return sentenceCase(problem.detail.replace(/^password: /, ''));
}
