import { describe, expect, it } from 'vitest';

import {
  bodyOfDraft,
  draftOf,
  newDraft,
  problemsOf,
  type SilenceDraft,
} from '@/features/alerts/silence-draft';
import { localInput } from '@/lib/dates';
import { aSilence } from '@/testing/operator-fixtures';

const NOW = Date.parse('2026-05-04T10:00:00Z');
const draft = (change: Partial<SilenceDraft> = {}): SilenceDraft => ({
  ...newDraft([{ name: 'alertname', comparison: '=', value: 'RedisDown' }], NOW),
  comment: 'moving Redis',
  ...change,
});
describe('what is sent', () => {
  it('starts now and lasts as long as the preset says', () => {
    expect(problemsOf(draft(), NOW)).toEqual({});
    expect(bodyOfDraft(draft({ length: '8h' }), NOW)).toMatchObject({
      starts_at: undefined,
      ends_at: '2026-05-04T18:00:00.000Z',
      weekly: undefined,
    });
  });

  it('takes local times for what they are', () => {
    const starts = localInput('2026-05-05T08:00:00Z');
    const ends = localInput('2026-05-05T09:30:00Z');
    const body = bodyOfDraft(draft({ isFromNow: false, starts, length: 'until', ends }), NOW);
    expect(body.starts_at).toBe('2026-05-05T08:00:00.000Z');
    expect(body.ends_at).toBe('2026-05-05T09:30:00.000Z');
  });

  it('leaves out matchers without a name, and puts the days in order', () => {
    const body = bodyOfDraft(
      draft({
        isWeekly: true,
        days: ['sunday', 'monday'],
        timeZone: 'Europe/London',
        matchers: [
          { name: ' alertname ', comparison: '=~', value: 'Redis.*' },
          { name: ' ', comparison: '=', value: 'x' },
        ],
      }),
      NOW,
    );
    expect(body.matchers).toEqual([{ name: 'alertname', comparison: '=~', value: 'Redis.*' }]);
    expect(body.weekly).toEqual({
      days: ['monday', 'sunday'],
      from: '22:00',
      to: '06:00',
      time_zone: 'Europe/London',
    });
  });
});

describe('what is refused before it is sent', () => {
  it.each([
    ['matchers', { matchers: [] }],
    ['matchers', { matchers: [{ name: 'alertname', comparison: '=', value: '' }] }],
    ['comment', { comment: '  ' }],
    ['starts', { isFromNow: false, starts: '' }],
    ['ends', { length: 'until', ends: '' }],
    ['ends', { length: 'until', ends: localInput(NOW - 60_000) }],
    ['ends', { isFromNow: false, starts: localInput(NOW - 86_400_000), length: '1h' }],
    ['weekly', { isWeekly: true, days: [] }],
    ['weekly', { isWeekly: true, from: '10:00', to: '10:00' }],
    ['weekly', { isWeekly: true, from: '' }],
  ] as [string, Partial<SilenceDraft>][])('%s of %j', (field, change) => {
    expect(problemsOf(draft(change), NOW)).toHaveProperty(field);
  });
});

describe('a silence that is changed', () => {
  it('keeps its times and its week', () => {
    const weekly = { days: ['friday' as const], from: '20:00', to: '23:00', time_zone: 'UTC' };
    const before = aSilence({ weekly });
    const after = bodyOfDraft(draftOf(before), NOW);
    expect(after).toEqual({
      matchers: before.matchers,
      starts_at: '2026-05-04T09:00:00.000Z',
      ends_at: '2026-05-04T12:00:00.000Z',
      weekly,
      comment: 'moving Redis',
    });
    expect(draftOf(before).id).toBe('s-1');
  });

  it('that is over is made anew, from now on', () => {
    const again = draftOf(aSilence({ status: 'expired' }));
    expect(again).toMatchObject({ id: undefined, isFromNow: true, length: '2h' });
  });
});
