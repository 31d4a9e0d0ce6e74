import { expect, it } from 'vitest';

import { weightRows } from '@/features/taste/weight-rows';

const weight = (feature: string, value: number, prior: number) => ({
  feature,
  label: feature,
  weight: value,
  prior,
  deviation: 0.1,
});

it('draws weights and priors on one scale that has room for both signs', () => {
  const rows = weightRows([
    weight('base', -2.5, -2.5),
    weight('a', 0.3, 0.6),
    weight('b', -0.4, 0),
  ]);
  expect(rows.map((row) => row.feature)).toEqual(['b', 'a']);
  expect(rows[1]).toMatchObject({ zero: 40, start: 40, prior: 100 });
  expect(rows[1]?.width).toBeCloseTo(30);
  expect(rows[0]?.start).toBe(0);
});

it('says in words where the person differs from everybody', () => {
  const words = weightRows([
    weight('a', 0.5, 0.3),
    weight('b', 0.1, 0.3),
    weight('c', 0.05, 0.06),
  ]);
  expect(words.map((row) => row.words)).toEqual([
    'counts more (+0.20)',
    'counts less (−0.20)',
    'as at the start',
  ]);
});

it('leaves out what counts for nothing, now and at the start', () => {
  const rows = weightRows([weight('a', 0.5, 0), weight('b', 0, 0.5), weight('c', 0.01, 0)]);
  expect(rows.map((row) => row.feature)).toEqual(['a', 'b']);
});
