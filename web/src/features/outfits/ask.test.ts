import { expect, it } from 'vitest';

import { askOf } from '@/features/outfits/ask';
import { wearSearch } from '@/lib/url-state';

it('asks for the colours and the dress code of the address, and for nothing that is none', () => {
  const search = wearSearch({ code: 'business', colours: 'blue,black,plaid', without: 'red' });
  expect(search.colours).toBe('black,blue');
  expect(askOf(search)).toMatchObject({
    dress_code: 'business',
    colours: ['black', 'blue'],
    without_colours: ['red'],
  });
  const none = askOf(wearSearch({ code: 'black tie', colours: 'plaid' }));
  expect(none).toMatchObject({ dress_code: undefined, colours: [], without_colours: [] });
});
