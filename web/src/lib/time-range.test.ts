import { expect, it } from 'vitest';

import { fillWindow, RANGES, windowOf } from '@/lib/time-range';

it('ends now, on the grid of its step', () => {
  expect(windowOf('1h', 1_700_000_123_456)).toEqual({
    from: 1_699_996_515,
    to: 1_700_000_115,
    step: 15,
  });
  for (const range of RANGES) {
    const { to, from, step } = windowOf(range, 1_764_558_123_456);
    expect([to % step, (to - from) % step]).toEqual([0, 0]);
  }
});

it('makes the window of a rate as wide as the step, and never narrower than four samples', () => {
  expect(fillWindow('rate(a[$window]) / rate(b[$window])', 15)).toBe('rate(a[60s]) / rate(b[60s])');
  expect(fillWindow('rate(a[$window])', 240)).toBe('rate(a[240s])');
});
