import { expect, it } from 'vitest';

import { operationSearch } from '@/lib/operation-search';
import { parseSearch, stringifySearch } from '@/lib/url-state';

const defined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

const ID = '01a231c0-7dfa-7492-90be-630a5a010171';

it('goes to the address and back unchanged', () => {
  const search = {
    account: 'ada+home@example.org',
    by: ID,
    action: 'sign-in-failed',
    from: '2026-05-04T10:00:00.000Z',
  };
  expect(defined(operationSearch(parseSearch(stringifySearch(search))))).toEqual(search);
});

it('drops what the server would refuse', () => {
  const nonsense = {
    account: 'ada',
    by: 'ada@example.org',
    action: 'sneeze',
    from: 'soon',
    tab: 'x',
  };
  expect(defined(operationSearch(nonsense))).toEqual({});
});
