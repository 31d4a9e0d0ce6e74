import { expect, it } from 'vitest';

import {
  addDays,
  formatDate,
  formatDay,
  formatShortDay,
  formatWeekday,
  isDay,
  today,
  weekday,
} from '@/lib/dates';

it('reckons days across months, years and the change of clocks', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
});

it('names days', () => {
  expect(formatDay('2026-05-04')).toBe('Monday 4 May');
  expect(formatShortDay('2026-05-04')).toBe('Mon 4 May');
  expect(formatWeekday('2026-05-04')).toBe('Monday');
  expect(formatDate('2026-05-04')).toBe('4 May');
  expect(weekday('2026-05-03')).toBe(0);
});

it('knows a day from what only looks like one', () => {
  expect(isDay('2026-05-04')).toBe(true);
  for (const text of ['2026-02-30', '2026-5-4', '', 'tomorrow', 20260504, null]) {
    expect(isDay(text)).toBe(false);
  }
});

it('takes the day where the person is', () => {
  const now = new Date(2026, 4, 4, 0, 30);
  expect(today(now)).toBe('2026-05-04');
  expect(today(new Date(2026, 4, 4, 23, 30))).toBe('2026-05-04');
});
