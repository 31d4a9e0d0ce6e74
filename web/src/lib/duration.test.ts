import { expect, it } from 'vitest';

import { parseDuration, sayBetween, sayDuration, writeDuration } from '@/lib/duration';

it.each([
  ['', 0],
  ['0', 0],
  ['15s', 15],
  ['5m', 300],
  ['1h30m', 5_400],
  ['1h 30m', 5_400],
  ['1w2d', 777_600],
])('reads %s', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it.each(['5', 'm', '-5m', '5 minutes', '30m1h', '1.5h'])('refuses %s', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

it('writes what it reads', () => {
  for (const text of ['15s', '5m', '1h30m', '1w2d']) {
    expect(writeDuration(parseDuration(text) ?? NaN)).toBe(text);
  }
  expect(writeDuration(0)).toBe('0s');
});

it('says it in words, the two largest units of it', () => {
  expect(sayDuration(0)).toBe('no time');
  expect(sayDuration(1)).toBe('1 second');
  expect(sayDuration(5_400)).toBe('1 hour 30 minutes');
  expect(sayDuration(3_601)).toBe('1 hour');
  expect(sayDuration(90_061)).toBe('1 day 1 hour');
});

it('counts to now where there is no end', () => {
  const start = '2026-05-04T10:00:00Z';
  expect(sayBetween(start, '2026-05-04T10:05:00Z')).toBe('5 minutes');
  expect(sayBetween(start, null, Date.parse('2026-05-04T12:00:00Z'))).toBe('2 hours');
});
