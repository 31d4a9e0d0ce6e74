// What a chart looks like: its colours on light and dark paper, and how its axes are written.

export type Scheme = 'light' | 'dark';

/** Told apart by people who see few colours as well: neighbours differ in lightness. */
const COLOURS: Record<Scheme, readonly string[]> = {
  light: ['#a2345d', '#2b7a8c', '#c98a1b', '#4f5aa8', '#5f8c66', '#cf5b3f', '#7b4590', '#706166'],
  dark: ['#e58aab', '#6cc0d0', '#ecc06a', '#9da8f0', '#98bb9b', '#f2947a', '#cf9fe0', '#b9a9ab'],
};

export const colourOf = (at: number, scheme: Scheme): string =>
  COLOURS[scheme][at % COLOURS[scheme].length] as string;

/** The second round of colours is dashed. */
export const isDashed = (at: number): boolean => at >= COLOURS.light.length;

const DAY = 86_400;
const LOCALE = 'en-GB';

const clock = (time: number, withSeconds: boolean) =>
  new Date(time * 1000).toLocaleTimeString(LOCALE, {
    hour: '2-digit',
    minute: '2-digit',
    second: withSeconds ? '2-digit' : undefined,
  });
const day = (time: number) =>
  new Date(time * 1000).toLocaleDateString(LOCALE, { day: 'numeric', month: 'short' });

/** What stands under the chart: hours of a day, or days; midnight says which day begins. */
export function momentLabels(times: readonly number[], gap: number): string[] {
  return times.map((time) => {
    const text = clock(time, gap < 60);
    return gap >= DAY || text === '00:00' ? day(time) : text;
  });
}

/** The moment under the crosshair: `Tue 1 Dec, 14:32:15`. */
export function sayMoment(time: number, spanSeconds: number): string {
  const date = new Date(time * 1000);
  const weekday = date.toLocaleDateString(LOCALE, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
  return `${weekday.replace(',', '')}, ${clock(time, spanSeconds <= 3_600)}`;
}

/** Distances between the marks of an axis of seconds that people count in. */
export const SECOND_STEPS: readonly number[] = [
  ...[1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1].flatMap((size) => [size, size * 2, size * 2.5, size * 5]),
  ...[1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1_800],
  ...[3_600, 7_200, 14_400, 21_600, 43_200],
  ...[DAY, DAY * 2, DAY * 5, DAY * 10, DAY * 30, DAY * 100],
];
