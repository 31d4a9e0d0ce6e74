// When a silence holds, in words.
import type { Silence, Weekly } from '@/api/operator-types';
import { joinWords, sentenceCase } from '@/lib/format';

import { DAYS } from '@/features/alerts/silence-draft';

const moment = (instant: string) =>
  new Date(instant).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });

export function whenWords({ status, starts_at, ends_at }: Silence): string {
  if (status === 'expired') return `Ended ${moment(ends_at)}`;
  if (status === 'pending') return `From ${moment(starts_at)} until ${moment(ends_at)}`;
  return `Until ${moment(ends_at)}`;
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((day) => b.includes(day));

export function weeklyWords({ days, from, to, time_zone }: Weekly): string {
  const sorted = DAYS.filter((day) => days.includes(day));
  const names = joinWords(sorted.map((day) => sentenceCase(day)));
  const which = isSame(sorted, DAYS)
    ? 'every day'
    : isSame(sorted, DAYS.slice(0, 5))
      ? 'Monday to Friday'
      : names;
  const next = to < from ? ' the next day' : '';
  return `only ${which} from ${from} to ${to}${next} (${time_zone})`;
}
