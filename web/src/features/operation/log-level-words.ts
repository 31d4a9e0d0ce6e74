// What is logged, in words, and what the server says of a filter that is none.
import type { LogLevel } from '@/api/operator-types';
import { toProblem } from '@/api/problem';
import { formatMoment, sentenceCase } from '@/lib/format';

export const LENGTHS = [
  { value: '600', label: '10 minutes' },
  { value: '3600', label: 'An hour' },
  { value: '28800', label: '8 hours' },
  { value: '86400', label: 'A day' },
  { value: '604800', label: 'A week' },
  { value: '', label: 'Until the next start' },
] as const;

export const isChanged = ({ level, configured, until }: LogLevel): boolean =>
  level !== configured || until !== undefined;

/** How long it stays as it is. */
export function stateWords(level: LogLevel): string {
  if (!isChanged(level)) return 'This is what the configuration says.';
  if (!level.until) return 'Changed, until it is reset or the server starts again.';
  return `Changed, until ${formatMoment(level.until)}. Then what the configuration says is logged again.`;
}

/** Filters that people want, made of what is configured: what is said last counts. */
export const suggestions = (configured: string) => [
  { name: 'FlashFit in detail', level: `${configured},flashfit=debug` },
  { name: 'Everything in detail', level: 'debug' },
  { name: 'Only warnings', level: 'warn' },
];

const FIELD = 'level: ';

/** What is wrong with the filter; undefined where something else went wrong. */
export function filterRefusal(error: unknown): string | undefined {
  if (!error) return undefined;
  const { status, detail } = toProblem(error);
  if (status !== 422 || !detail.startsWith(FIELD)) return undefined;
  return sentenceCase(detail.slice(FIELD.length));
}
