import { describe, expect, it } from 'vitest';

import { axisLabels, formatUnit } from '@/lib/units';

describe('a value', () => {
  it.each([
    [0, 'bytes', '0 B'],
    [999, 'bytes', '999 B'],
    [1_234_567, 'bytes', '1.23 MB'],
    [52_000_000_000, 'bytes', '52 GB'],
    [1_500, 'bytes_per_second', '1.5 kB/s'],
    [0.0042, 'seconds', '4.2 ms'],
    [0.000_17, 'seconds', '170 µs'],
    [95, 'seconds', '1.58 min'],
    [86_400 * 3, 'seconds', '3 d'],
    [-0.012, 'seconds', '−12 ms'],
    [0.3421, 'ratio', '34.2 %'],
    [0, 'ratio', '0 %'],
    [1, 'ratio', '100 %'],
    [0.0004, 'ratio', '0.04 %'],
    [12.345, 'per_second', '12.3 /s'],
    [0.05, 'per_second', '0.05 /s'],
    [2_500_000, 'per_second', '2.5 M/s'],
    [1_234, 'count', '1,234'],
    [45_678, 'count', '45.7 k'],
    [0.5, 'none', '0.5'],
  ] as const)('%d %s is %s', (value, unit, text) => {
    expect(formatUnit(value, unit)).toBe(text);
  });

  it('that is none is said to be none', () => {
    expect(formatUnit(NaN, 'bytes')).toBe('–');
    expect(formatUnit(Infinity, 'seconds')).toBe('∞');
  });
});

describe('the labels of an axis', () => {
  it('are all in the unit of the largest', () => {
    expect(axisLabels([0, 500_000, 1_000_000], 'bytes')).toEqual(['0', '0.5 MB', '1 MB']);
  });

  it('have as many digits as tell them apart', () => {
    expect(axisLabels([0, 0.25, 0.5, 0.75, 1], 'ratio')).toEqual([
      '0 %',
      '25 %',
      '50 %',
      '75 %',
      '100 %',
    ]);
    expect(axisLabels([0.99, 0.9925, 0.995], 'ratio')).toEqual(['99 %', '99.25 %', '99.5 %']);
    expect(axisLabels([0, 0.0005, 0.001], 'seconds')).toEqual(['0', '0.5 ms', '1 ms']);
    expect(axisLabels([0, 2.5, 5], 'count')).toEqual(['0', '2.5', '5']);
  });

  it('survive one label, and none', () => {
    expect(axisLabels([5], 'count')).toEqual(['5']);
    expect(axisLabels([], 'count')).toEqual([]);
  });
});
