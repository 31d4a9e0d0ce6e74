import { expect, it } from 'vitest';

import { draftOf, filtersOf, isFiltered, problemsOf } from '@/features/operation/audit-draft';

const ID = '01a231c0-7dfa-7492-90be-630a5a010171';
const NOTHING = draftOf({});

it('is the same filters again, to the minute', () => {
  const filters = {
    account: 'ada@example.org',
    by: ID,
    action: 'sign-in' as const,
    from: '2026-05-04T10:00:00.000Z',
    until: '2026-05-04T11:30:00.000Z',
  };
  expect(filtersOf(draftOf(filters))).toEqual(filters);
  expect(problemsOf(draftOf(filters))).toEqual({});
  expect(isFiltered(filters)).toBe(true);
  expect(isFiltered(filtersOf(NOTHING))).toBe(false);
});

it('says what the server would not understand, each at its field', () => {
  expect(Object.keys(problemsOf({ ...NOTHING, account: 'ada' }))).toEqual(['account']);
  expect(Object.keys(problemsOf({ ...NOTHING, by: 'ada@example.org' }))).toEqual(['by']);
  const times = { from: '2026-05-04T10:00', until: '2026-05-04T10:00' };
  expect(Object.keys(problemsOf({ ...NOTHING, ...times }))).toEqual(['until']);
});
