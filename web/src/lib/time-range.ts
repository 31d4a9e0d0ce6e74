// The stretches of time that charts show, and the grid of moments they are asked for.

export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d', '90d'] as const;
export type Range = (typeof RANGES)[number];
export const REFRESHES = ['off', '15s', '1m'] as const;
export type Refresh = (typeof REFRESHES)[number];

interface Stretch {
  label: string;
  seconds: number;
  stepSeconds: number;
  /** What the process no longer remembers is kept in the database, in values of five minutes. */
  isKept: boolean;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

export const STRETCHES: Record<Range, Stretch> = {
  '15m': { label: '15 min', seconds: HOUR / 4, stepSeconds: 15, isKept: false },
  '1h': { label: '1 h', seconds: HOUR, stepSeconds: 15, isKept: false },
  '6h': { label: '6 h', seconds: 6 * HOUR, stepSeconds: 60, isKept: false },
  '24h': { label: '24 h', seconds: DAY, stepSeconds: 240, isKept: false },
  '7d': { label: '7 d', seconds: 7 * DAY, stepSeconds: 300, isKept: true },
  '30d': { label: '30 d', seconds: 30 * DAY, stepSeconds: 300, isKept: true },
  '90d': { label: '90 d', seconds: 90 * DAY, stepSeconds: 300, isKept: true },
};

export const REFRESH_MS: Record<Refresh, number | false> = {
  off: false,
  '15s': 15_000,
  '1m': 60_000,
};

/** All in seconds since 1970. */
export interface TimeWindow {
  from: number;
  to: number;
  step: number;
}

/** The window that ends now: on the grid of its step, so that charts asked apart show the same moments. */
export function windowOf(range: Range, nowMs: number = Date.now()): TimeWindow {
  const { seconds, stepSeconds: step } = STRETCHES[range];
  const to = Math.floor(nowMs / 1000 / step) * step;
  return { from: to - seconds, to, step };
}

/** Rates need four samples to be steady: the app's counterpart of Grafana's `$__rate_interval`. */
const SHORTEST_WINDOW_S = 60;

/** Fills in `$window` as wide as the step asks for. */
export function fillWindow(expression: string, stepSeconds: number): string {
  return expression.replaceAll('$window', `${Math.max(SHORTEST_WINDOW_S, stepSeconds)}s`);
}
