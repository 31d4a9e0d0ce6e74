// A week as the person sees it: what is asked for each day, and what was planned.
import type { Occasion, Slot, WeekAnswer, WeekRequest } from '@/api/types';
import { addDays, isDay, weekday } from '@/lib/dates';
import { COLDEST_C, HOTTEST_C, OCCASIONS } from '@/lib/url-state';

export const MOST_DAYS = 14;
const USUAL_DAYS = 7;
const USUAL_C = 16;
/** As many as the server takes. */
const MOST_TURNED_DOWN = 50;

/** What one day is like. */
export interface DayQuestion {
  date: string;
  /** Degrees Celsius; absent when the weather does not matter. */
  temperature?: number;
  wet?: boolean;
  occasion?: Occasion;
}

/** What was planned for it. */
export interface PlannedDay extends DayQuestion {
  /** Absent when the wardrobe cannot dress this day. */
  outfitId?: string;
  missing: Slot[];
  notes: string[];
  /** Outfits this day had before: none of them comes back. */
  turnedDown: string[];
}

export interface Week {
  question: DayQuestion[];
  plan?: PlannedDay[];
  /** What is said of the whole plan. */
  notes?: string[];
  include_unclean?: boolean;
}

const isWeekend = (date: string) => [0, 6].includes(weekday(date));

/** Days from `start` on; each like the same weekday was before, or like most people's. */
export function daysFrom(start: string, count: number, before: DayQuestion[] = []): DayQuestion[] {
  return Array.from({ length: count }, (_, n) => {
    const date = addDays(start, n);
    const known =
      before.find((day) => day.date === date) ??
      before.find((day) => weekday(day.date) === weekday(date));
    if (known) {
      const { temperature, wet, occasion } = known;
      return { date, temperature, wet, occasion };
    }
    return { date, temperature: USUAL_C, occasion: isWeekend(date) ? 'casual' : 'work' };
  });
}

/** Every day gets the weather of the first. */
export function sameWeather(days: DayQuestion[]): DayQuestion[] {
  const first = days[0];
  return days.map((day) => ({ ...day, temperature: first?.temperature, wet: first?.wet }));
}

/** A week that starts today or later; what is planned stays until its last day is over. */
export function upToDate(week: Week | undefined, today: string): Week {
  if (!week) return { question: daysFrom(today, USUAL_DAYS) };
  const { question, plan } = week;
  const start = question[0]?.date ?? today;
  const isOver = !plan?.some((day) => day.date >= today);
  return {
    ...week,
    question: start >= today ? question : daysFrom(today, question.length, question),
    plan: isOver ? undefined : plan,
    notes: isOver ? undefined : week.notes,
  };
}

const dayOf = ({ date, temperature, wet, occasion }: DayQuestion) => ({
  date,
  occasion,
  weather:
    temperature === undefined ? undefined : { temperature_c: temperature, is_wet: wet === true },
});

export const requestOf = (week: Week): WeekRequest => ({
  days: week.question.map(dayOf),
  include_unclean: week.include_unclean,
});

/** "Another one" for one day: the others stay, and what this day had is turned down. */
export function anotherRequest(week: Week, date: string): WeekRequest {
  const plan = week.plan ?? [];
  return {
    days: plan
      .filter((day) => day.date === date)
      .map((day) => ({ ...dayOf(day), instead_of: turnedDown(day) })),
    keep: plan.flatMap(({ date: other, outfitId }) =>
      other === date || !outfitId ? [] : [{ date: other, outfit_id: outfitId }],
    ),
    include_unclean: week.include_unclean,
  };
}

const turnedDown = (day: PlannedDay) =>
  [...day.turnedDown, ...(day.outfitId ? [day.outfitId] : [])].slice(-MOST_TURNED_DOWN);

/** The plan of an answer; days it does not speak of stay as they are. */
export function planned(week: Week, answer: WeekAnswer, isWhole: boolean): Week {
  const plan = isWhole
    ? week.question.map((day) => ({ ...day, missing: [], notes: [], turnedDown: [] }))
    : (week.plan ?? []);
  return {
    ...week,
    notes: isWhole ? answer.notes : week.notes,
    plan: plan.map((day) => {
      const said = answer.days.find(({ date }) => date === day.date);
      if (!said) return day;
      const { outfit, missing, notes } = said;
      return {
        ...day,
        outfitId: outfit?.id,
        missing,
        notes,
        turnedDown: isWhole ? [] : turnedDown(day),
      };
    }),
  };
}

const ofAll = <T>(lists: T[][]): T[] =>
  (lists[0] ?? []).filter((one) => lists.every((list) => list.includes(one)));

/** What is said of every day is said once. */
export function sharedRemarks(plan: PlannedDay[]): { missing: Slot[]; notes: string[] } {
  if (plan.length < 2) return { missing: [], notes: [] };
  return {
    missing: ofAll(plan.map((day) => day.missing)),
    notes: ofAll(plan.map((day) => day.notes)),
  };
}

// --- Kept in the browser.

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
const listOf = <T>(value: unknown, read: (one: unknown) => T | undefined): T[] =>
  Array.isArray(value) ? value.slice(0, MOST_DAYS).flatMap((one) => read(one) ?? []) : [];

function readDay(value: unknown): DayQuestion | undefined {
  if (!isRecord(value) || !isDay(value.date)) return undefined;
  const { date, temperature, wet, occasion } = value;
  const isTemperature =
    typeof temperature === 'number' && temperature >= COLDEST_C && temperature <= HOTTEST_C;
  return {
    date,
    temperature: isTemperature ? temperature : undefined,
    wet: wet === true || undefined,
    occasion: OCCASIONS.find((one) => one === occasion),
  };
}

function readPlanned(value: unknown): PlannedDay | undefined {
  const day = readDay(value);
  if (!day || !isRecord(value)) return undefined;
  return {
    ...day,
    outfitId: typeof value.outfitId === 'string' ? value.outfitId : undefined,
    missing: texts(value.missing) as Slot[],
    notes: texts(value.notes),
    turnedDown: texts(value.turnedDown),
  };
}

/** Reads what an earlier visit, or an earlier version, kept; nothing of what makes no sense. */
export function readWeek(text: string | undefined): Week | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const question = listOf(value.question, readDay);
  const plan = listOf(value.plan, readPlanned);
  if (question.length === 0) return undefined;
  return {
    question,
    plan: plan.length > 0 ? plan : undefined,
    notes: texts(value.notes),
    include_unclean: value.include_unclean === true || undefined,
  };
}
