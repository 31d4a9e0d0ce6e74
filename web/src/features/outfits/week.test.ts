import { describe, expect, it } from 'vitest';

import type { WeekAnswer } from '@/api/types';
import {
  anotherRequest,
  daysFrom,
  type PlannedDay,
  planned,
  readWeek,
  requestOf,
  sameWeather,
  sharedRemarks,
  upToDate,
  type Week,
} from '@/features/outfits/week';
import { anOutfit } from '@/testing/fixtures';

const aDay = (date: string, change: Partial<PlannedDay> = {}): PlannedDay => ({
  date,
  temperature: 12,
  missing: [],
  notes: [],
  turnedDown: [],
  ...change,
});

const anAnswer = (...days: WeekAnswer['days']): WeekAnswer => ({
  days,
  notes: [],
  pack: 'p',
  fusion_version: 'f',
});

describe('the question', () => {
  it('starts with seven days from today, work in the week and leisure at its end', () => {
    const { question } = upToDate(undefined, '2026-05-04');
    expect(question.map((day) => day.date)).toEqual([
      '2026-05-04',
      '2026-05-05',
      '2026-05-06',
      '2026-05-07',
      '2026-05-08',
      '2026-05-09',
      '2026-05-10',
    ]);
    expect(question.map((day) => day.occasion)).toEqual([
      ...Array<string>(5).fill('work'),
      'casual',
      'casual',
    ]);
  });

  it('remembers what a weekday was like when the week moves on', () => {
    const before = daysFrom('2026-05-04', 7);
    const sport = before.map((day) =>
      day.date === '2026-05-06' ? { ...day, occasion: 'sport' as const } : day,
    );
    const { question } = upToDate({ question: sport }, '2026-05-05');
    expect(question[0]?.date).toBe('2026-05-05');
    expect(question.find((day) => day.date === '2026-05-06')?.occasion).toBe('sport');
    const later = upToDate({ question: sport }, '2026-05-12').question;
    expect(later.find((day) => day.date === '2026-05-13')?.occasion).toBe('sport');
  });

  it('gives every day the weather of the first, and nothing else of it', () => {
    const days = daysFrom('2026-05-08', 2);
    const [first, second] = days;
    if (!first || !second) throw new Error('two days were asked for');
    expect(sameWeather([{ ...first, temperature: -3, wet: true }, second])).toEqual([
      { ...first, temperature: -3, wet: true },
      { ...second, temperature: -3, wet: true },
    ]);
  });

  it('says nothing of a weather that does not matter', () => {
    const { days } = requestOf({
      question: [{ date: '2026-05-04' }, { date: '2026-05-05', temperature: 0, wet: true }],
    });
    expect(days[0]?.weather).toBeUndefined();
    expect(days[1]?.weather).toEqual({ temperature_c: 0, is_wet: true });
  });
});

describe('the plan', () => {
  const week: Week = {
    question: [{ date: '2026-05-04', temperature: 30 }],
    plan: [
      aDay('2026-05-04', { outfitId: 'a' }),
      aDay('2026-05-05', { outfitId: 'b', turnedDown: ['z'] }),
      aDay('2026-05-06'),
    ],
  };

  it('asks for another one as the day was planned, and keeps the others', () => {
    expect(anotherRequest(week, '2026-05-05')).toEqual({
      days: [
        {
          date: '2026-05-05',
          occasion: undefined,
          weather: { temperature_c: 12, is_wet: false },
          instead_of: ['z', 'b'],
        },
      ],
      keep: [{ date: '2026-05-04', outfit_id: 'a' }],
      include_unclean: undefined,
    });
  });

  it('changes the one day that was asked about', () => {
    const outfit = anOutfit('new', ['x']);
    const answer = anAnswer({ date: '2026-05-05', outfit, missing: ['shoes'], notes: ['!'] });
    const { plan } = planned(week, answer, false);
    expect(plan?.map((day) => day.outfitId)).toEqual(['a', 'new', undefined]);
    expect(plan?.[1]).toMatchObject({ missing: ['shoes'], notes: ['!'], turnedDown: ['z', 'b'] });
  });

  it('starts anew when the whole is planned again', () => {
    const outfit = anOutfit('c', ['x']);
    const answer = anAnswer({ date: '2026-05-04', outfit, missing: [], notes: [] });
    const { plan } = planned(week, answer, true);
    expect(plan).toEqual([
      {
        date: '2026-05-04',
        temperature: 30,
        outfitId: 'c',
        missing: [],
        notes: [],
        turnedDown: [],
      },
    ]);
  });

  it('is kept until its last day is over', () => {
    expect(upToDate(week, '2026-05-06').plan).toHaveLength(3);
    expect(upToDate(week, '2026-05-07').plan).toBeUndefined();
  });

  it('says once what is said of every day', () => {
    const days = [
      aDay('2026-05-04', { missing: ['shoes'], notes: ['no shoes'] }),
      aDay('2026-05-05', { missing: ['shoes', 'outer'], notes: ['again', 'no shoes'] }),
    ];
    expect(sharedRemarks(days)).toEqual({ missing: ['shoes'], notes: ['no shoes'] });
    expect(sharedRemarks(days.slice(0, 1))).toEqual({ missing: [], notes: [] });
  });
});

describe('what the browser kept', () => {
  it('comes back as it was', () => {
    const week: Week = {
      question: daysFrom('2026-05-04', 2),
      plan: [aDay('2026-05-04', { outfitId: 'a', turnedDown: ['b'], notes: ['n'] })],
      notes: [],
    };
    expect(readWeek(JSON.stringify(week))).toEqual(week);
  });

  it('is forgotten where it makes no sense', () => {
    for (const text of [undefined, '', 'null', '[]', '{"question":[]}', '{"question":[{}]}']) {
      expect(readWeek(text)).toBeUndefined();
    }
    const odd = { date: '2026-05-04', temperature: 900, occasion: 'coronation', wet: 'yes' };
    expect(readWeek(JSON.stringify({ question: [odd, { date: 'soon' }] }))?.question).toEqual([
      { date: '2026-05-04' },
    ]);
  });
});
