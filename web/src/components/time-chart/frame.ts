// From what the server answers to what a chart draws: one common row of moments, and a line for each series.

export interface Series {
  metric: Record<string, string>;
  /** Pairs of a moment, in seconds since 1970, and a value as text. */
  values: (number | string)[][];
}

/** What one query of a panel gave. */
export interface Answer {
  legend: string;
  result: Series[];
}

export interface Line {
  label: string;
  /** One for each moment; null where nothing was measured. */
  values: (number | null)[];
}

export interface Frame {
  /** Seconds since 1970, rising. */
  times: number[];
  lines: Line[];
  /** Lines left out because nobody could tell so many apart. */
  omitted: number;
}

/** As many as have colours of their own, and then once more, dashed. */
export const MOST_LINES = 16;

const NAME = '__name__';

/** `{{label}}` is filled in; without a legend the labels speak for themselves. */
export function legendOf(legend: string, metric: Record<string, string>): string {
  if (legend !== '') {
    return legend
      .replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => metric[name] ?? '')
      .trim();
  }
  const labels = Object.entries(metric).filter(([name]) => name !== NAME);
  const text = labels.map(([name, value]) => `${name}=${value}`).join(', ');
  return [metric[NAME], text].filter(Boolean).join(' ') || 'value';
}

/** Not a number, and infinity, cannot be drawn. */
function drawable(written: number | string | undefined): number | null {
  const value = Number(written);
  return written !== '' && Number.isFinite(value) ? value : null;
}

const peakOf = (series: Series) =>
  series.values.reduce((peak, [, value]) => Math.max(peak, Math.abs(drawable(value) ?? 0)), 0);

/** The moments of all series together. Where more than a step is missing, an empty moment breaks the lines. */
function momentsOf(series: readonly Series[], step: number): number[] {
  const all = new Set(series.flatMap(({ values }) => values.map(([time]) => Number(time))));
  const times = [...all].sort((a, b) => a - b);
  return times.flatMap((time, at) => {
    const next = times[at + 1];
    return next !== undefined && next - time > step * 1.5 ? [time, time + step] : [time];
  });
}

export function frameOf(answers: readonly Answer[], step: number): Frame {
  const found = answers.flatMap(({ legend, result }) =>
    result.map((series) => ({ label: legendOf(legend, series.metric), series })),
  );
  const kept =
    found.length <= MOST_LINES
      ? found
      : [...found].sort((a, b) => peakOf(b.series) - peakOf(a.series)).slice(0, MOST_LINES);
  const times = momentsOf(
    kept.map(({ series }) => series),
    step,
  );
  const places = new Map(times.map((time, at) => [time, at]));
  const lines = kept.map(({ label, series }) => {
    const values: (number | null)[] = Array(times.length).fill(null);
    for (const [time, value] of series.values) {
      const place = places.get(Number(time));
      if (place !== undefined) values[place] = drawable(value);
    }
    return { label, values };
  });
  return { times, lines, omitted: found.length - kept.length };
}

/** Whether there is anything to draw. */
export const isEmpty = (frame: Frame): boolean =>
  !frame.lines.some(({ values }) => values.some((value) => value !== null));

export interface Summary {
  last: number | null;
  min: number | null;
  mean: number | null;
  max: number | null;
}

export function summaryOf({ values }: Line): Summary {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return { last: null, min: null, mean: null, max: null };
  return {
    last: measured.at(-1) ?? null,
    min: measured.reduce((a, b) => Math.min(a, b)),
    mean: measured.reduce((a, b) => a + b) / measured.length,
    max: measured.reduce((a, b) => Math.max(a, b)),
  };
}

/** Points with nothing on either side: no line would show them. */
export function lonelyPoints(values: readonly (number | null | undefined)[]): number[] {
  const has = (at: number) => (values[at] ?? null) !== null;
  return values.flatMap((_, at) => (has(at) && !has(at - 1) && !has(at + 1) ? [at] : []));
}

interface Bounds {
  min?: number;
  max?: number;
}

/**
 * The range of the value axis: the panel's bounds, which data may exceed, else from nothing where no value is
 * negative, so that a small wobble looks small.
 */
export function valueRange(
  dataMin: number | null,
  dataMax: number | null,
  { min, max }: Bounds,
): [number, number] {
  const lowest = dataMin ?? 0;
  const highest = dataMax ?? 0;
  const low = Math.min(min ?? 0, lowest);
  const high = max === undefined ? highest : Math.max(max, highest);
  if (high <= low) return [low, low + (Math.abs(low) || 1)];
  const isBound = max !== undefined && high <= max;
  const air = (high - low) * 0.08;
  return [low < Math.min(min ?? 0, 0) ? low - air : low, isBound ? high : high + air];
}
