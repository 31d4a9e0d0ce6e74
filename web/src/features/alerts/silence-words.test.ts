import { expect, it } from 'vitest';

import { weeklyWords, whenWords } from '@/features/alerts/silence-words';
import { aSilence } from '@/testing/operator-fixtures';

it('says until when, and from when only where that is still to come', () => {
  expect(whenWords(aSilence())).toMatch(/^Until Mon,? 4 May/);
  expect(whenWords(aSilence({ status: 'pending' }))).toMatch(/^From .* until /);
  expect(whenWords(aSilence({ status: 'expired' }))).toMatch(/^Ended /);
});

it('says which times of the week', () => {
  const weekly = { days: ['sunday', 'saturday'], from: '22:00', to: '06:00', time_zone: 'UTC' };
  expect(weeklyWords(weekly as never)).toBe(
    'only Saturday and Sunday from 22:00 to 06:00 the next day (UTC)',
  );
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
  expect(weeklyWords({ ...weekly, days, from: '08:00', to: '18:00' } as never)).toBe(
    'only Monday to Friday from 08:00 to 18:00 (UTC)',
  );
});
