import { expect, it } from 'vitest';

import type { HealthCheck } from '@/api/operator-types';
import { partsOf, verdict } from '@/features/monitoring/health';

const check = (
  name: string,
  status: HealthCheck['status'] = 'ok',
  detail = '',
  instance = 'a',
): HealthCheck => ({
  check: name,
  status,
  detail,
  took_ms: 2,
  at: '2026-05-04T10:00:00Z',
  instance,
});

it('has one entry for each part, in the order in which they matter', () => {
  const parts = partsOf([check('zebra'), check('clock'), check('http'), check('database')]);
  expect(parts.map((part) => part.check)).toEqual(['http', 'database', 'clock', 'zebra']);
});

it('is as bad as the worst instance, and names it', () => {
  const [cache] = partsOf([
    check('cache'),
    check('cache', 'failed', 'Redis does not answer', 'b'),
    check('cache', 'degraded', 'slow', 'c'),
  ]);
  expect(cache).toMatchObject({
    status: 'failed',
    reasons: ['b: Redis does not answer', 'c: slow'],
  });
  expect(partsOf([check('cache', 'failed', 'gone')])[0]?.reasons).toEqual(['gone']);
});

it('sums it up in a sentence', () => {
  const words = (...states: HealthCheck['status'][]) =>
    verdict(partsOf(states.map((status, at) => check(`c${at}`, status)))).words;
  expect(words('ok', 'ok')).toBe('Everything is fine');
  expect(words('ok', 'degraded')).toBe('One part is degraded');
  expect(words('failed', 'failed', 'degraded')).toBe('Two parts have failed, one is degraded');
  expect(words('failed')).toBe('One part has failed');
});
