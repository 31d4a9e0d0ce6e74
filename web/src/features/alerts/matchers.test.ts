import { expect, it } from 'vitest';

import { matcherText, meant } from '@/features/alerts/matchers';

const ALERTS: { name: string; labels: Record<string, string> }[] = [
  { name: 'RedisDown', labels: { severity: 'critical' } },
  { name: 'ApiSlow', labels: { severity: 'warning', route: '/api/wardrobe' } },
  { name: 'ApiErrors', labels: { severity: 'critical', route: '/api/outfits' } },
];
const names = (...matchers: [string, string, string][]) =>
  meant(
    matchers.map(([name, comparison, value]) => ({ name, comparison, value })),
    ALERTS,
  ).map(({ name }) => name);

it('means the alerts that all matchers hold for', () => {
  expect(names(['alertname', '=', 'RedisDown'])).toEqual(['RedisDown']);
  expect(names(['severity', '=', 'critical'], ['alertname', '=~', 'Api.*'])).toEqual(['ApiErrors']);
  expect(names(['severity', '!=', 'critical'])).toEqual(['ApiSlow']);
  expect(names(['alertname', '!~', 'Api.*'])).toEqual(['RedisDown']);
});

it('takes a missing label for an empty one, and a pattern for the whole value', () => {
  expect(names(['route', '=', ''])).toEqual(['RedisDown']);
  expect(names(['alertname', '=~', 'Api'])).toEqual([]);
});

it('means nothing without a matcher, or with a pattern that is none', () => {
  expect(names()).toEqual([]);
  expect(names(['', '=', 'x'])).toEqual([]);
  expect(names(['alertname', '=~', '('])).toEqual([]);
});

it('is said in words', () => {
  expect(matcherText({ name: 'route', comparison: '!~', value: '/api/.*' })).toBe(
    'route does not match /api/.*',
  );
  expect(matcherText({ name: 'route', comparison: '=', value: '' })).toBe('route is empty');
});
