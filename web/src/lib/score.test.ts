import { describe, expect, it } from 'vitest';

import { firstNew, outfitKey, scoreBars, sumOf } from '@/lib/score';

const part = (feature: string, contribution: number) => ({ feature, label: feature, contribution });

describe('bars of a score', () => {
  it('add up to the score, the weightiest first', () => {
    const bars = scoreBars([part('a', 0.2), part('b', -0.7), part('c', 0.4)], -0.1);
    expect(bars.map((bar) => bar.feature)).toEqual(['b', 'c', 'a']);
    expect(sumOf(bars)).toBeCloseTo(-0.1);
    expect(bars[0]?.length).toBe(-1);
  });

  it('name what the parts leave unexplained', () => {
    const bars = scoreBars([part('a', 0.2), part('dust', 0.001)], 0.5);
    expect(bars.map((bar) => bar.feature)).toEqual(['a', 'rest']);
    expect(sumOf(bars)).toBeCloseTo(0.5);
  });

  it('begin where the score starts, which is drawn as no bar and does not dwarf the others', () => {
    const bars = scoreBars([part('a', 0.5), part('base', -2.5), part('b', 1)], -1);
    expect(bars.map((bar) => [bar.feature, bar.length])).toEqual([
      ['base', 0],
      ['b', 1],
      ['a', 0.5],
    ]);
    expect(sumOf(bars)).toBeCloseTo(-1);
  });

  it('survive a score of nothing', () => {
    expect(scoreBars([], 0)).toEqual([]);
  });
});

describe('new ideas', () => {
  const outfit = (...ids: string[]) => ({ items: ids.map((id) => ({ item: { id } })) });

  it('are told apart by garments, not by order', () => {
    expect(outfitKey(outfit('b', 'a'))).toBe(outfitKey(outfit('a', 'b')));
  });

  it('are the first that was not shown', () => {
    const seen = new Set([outfitKey(outfit('a', 'b'))]);
    expect(firstNew([outfit('b', 'a'), outfit('a', 'c')], seen)).toEqual(outfit('a', 'c'));
    expect(firstNew([outfit('a', 'b')], seen)).toBeUndefined();
  });
});
