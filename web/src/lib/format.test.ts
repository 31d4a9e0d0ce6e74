import { describe, expect, it } from 'vitest';

import {
  attributeValueLabel,
  certaintyWord,
  countOf,
  formatAgo,
  formatBytes,
  formatProbability,
  formatSigned,
  joinWords,
  wordLabel,
} from '@/lib/format';

describe('probabilities', () => {
  it.each([
    [0.873, '87 %'],
    [1, '100 %'],
    [0.9996, '> 99 %'],
    [0, '0 %'],
    [0.001, '< 1 %'],
  ])('%f is said as %s: rounding claims no certainty', (value, said) => {
    expect(formatProbability(value)).toBe(said);
  });

  it('has words from a guess to very sure', () => {
    expect([0.2, 0.5, 0.75, 0.95].map(certaintyWord)).toEqual([
      'a guess',
      'not quite sure',
      'fairly sure',
      'very sure',
    ]);
  });
});

it('writes signs that line up, and no negative zero', () => {
  expect([0.421, -0.3, -0.001].map(formatSigned)).toEqual(['+0.42', '−0.30', '0.00']);
});

it('keeps the hyphens that belong to a word', () => {
  expect(['t-shirt', 'dress-shoes', 'all-year', 'worn_recently'].map(wordLabel)).toEqual([
    'T-shirt',
    'Dress shoes',
    'All year',
    'Worn recently',
  ]);
});

it('gives the scales their words', () => {
  expect(attributeValueLabel('formality', '5')).toBe('Evening');
  expect(attributeValueLabel('warmth', '1')).toBe('Hot weather');
  expect(attributeValueLabel('warmth', '9')).toBe('9');
});

it('tells how long ago', () => {
  const now = new Date('2026-05-10T12:00:00Z').getTime();
  expect(formatAgo('2026-05-10T11:59:40Z', now)).toBe('just now');
  expect(formatAgo('2026-05-09T12:00:00Z', now)).toBe('yesterday');
  expect(formatAgo('2026-05-07T12:00:00Z', now)).toBe('3 days ago');
});

it('counts and lists in English', () => {
  expect([countOf(1, 'photo'), countOf(1200, 'photo')]).toEqual(['1 photo', '1,200 photos']);
  expect([joinWords([]), joinWords(['a']), joinWords(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a, b and c',
  ]);
  expect([formatBytes(900), formatBytes(21_500_000)]).toEqual(['1 kB', '21.5 MB']);
});
