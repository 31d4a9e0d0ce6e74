// Calendar days as `2026-05-04`: a day has no time zone, so it is reckoned in UTC.
const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;

const utc = (day: string) => new Date(`${day}T00:00:00Z`);

/** Whether a text is a calendar day that exists. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = utc(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The day it is where the person is. */
export function today(now: Date = new Date()): string {
  const shifted = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 10);
}

export const addDays = (day: string, count: number): string =>
  new Date(utc(day).getTime() + count * DAY_MS).toISOString().slice(0, 10);

/** 0 is Sunday. */
export const weekday = (day: string): number => utc(day).getUTCDay();

const formatted = (day: string, options: Intl.DateTimeFormatOptions) =>
  utc(day).toLocaleDateString(LOCALE, { timeZone: 'UTC', ...options });

/** `Monday 4 May`. */
export const formatDay = (day: string): string =>
  formatted(day, { weekday: 'long', day: 'numeric', month: 'long' }).replace(',', '');

/** `Monday`. */
export const formatWeekday = (day: string): string => formatted(day, { weekday: 'long' });

/** `4 May`. */
export const formatDate = (day: string): string =>
  formatted(day, { day: 'numeric', month: 'long' });

/** `Mon 4 May`. */
export const formatShortDay = (day: string): string =>
  formatted(day, { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');

/** `2026-05-04T10:00` where the person is, as fields for a moment want it. */
export function localInput(instant: number | string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
