import { expect, it } from 'vitest';

import {
  alertsSearch,
  monitoringSearch,
  parseSearch,
  signInSearch,
  stringifySearch,
  wardrobeSearch,
  wearSearch,
} from '@/lib/url-state';

const defined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

it('goes to the address and back unchanged', () => {
  const search = wardrobeSearch({ slot: 'one-piece', text: '501 & blue', colour: 'light-blue' });
  expect(defined(wardrobeSearch(parseSearch(stringifySearch({ ...search }))))).toEqual(
    defined(search),
  );
});

it('leaves out what is not set', () => {
  expect(stringifySearch({ text: '', wet: false, slot: undefined })).toBe('');
});

it('ignores words that the vocabulary does not have', () => {
  expect(
    defined(wardrobeSearch({ slot: 'wings', state: 'lost', evil: '1', add: 'maybe' })),
  ).toEqual({});
});

it('keeps the temperature within the slider', () => {
  expect(wearSearch({ temperature: '99' }).temperature).toBe(40);
  expect(wearSearch({ temperature: '-3.6' }).temperature).toBe(-4);
  expect(wearSearch({ temperature: 'warm' }).temperature).toBeUndefined();
});

it('knows the ranges of time and the tabs there are', () => {
  const search = { dashboard: 'api', range: '6h', refresh: 'off' };
  expect(monitoringSearch(parseSearch(stringifySearch(search)))).toEqual(search);
  expect(defined(monitoringSearch({ range: '2h', refresh: '1s' }))).toEqual({});
  expect(defined(alertsSearch({ tab: 'rules', find: 'redis', evil: '1' }))).toEqual({
    tab: 'rules',
    find: 'redis',
  });
  expect(defined(alertsSearch({ tab: 'everything' }))).toEqual({});
});

it('goes nowhere else after signing in', () => {
  expect(signInSearch({ next: '/wear?wet=true' }).next).toBe('/wear?wet=true');
  expect(signInSearch({ next: 'https://evil.example' }).next).toBeUndefined();
  expect(signInSearch({ next: '//evil.example' }).next).toBeUndefined();
});
