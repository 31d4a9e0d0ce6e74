// What a rule would have told, as bars on a line of time.
import type { Firing, Preview } from '@/api/operator-types';
import { countOf } from '@/lib/format';
import { sayDuration } from '@/lib/duration';

export interface Bar {
  /** All in percent of the time shown. */
  start: number;
  /** From here on it fires; before, it is pending. */
  fires: number;
  end: number;
  firing: Firing;
}

export interface Row {
  label: string;
  bars: Bar[];
}

const ms = (instant: string) => new Date(instant).getTime();

const rowName = (labels: Record<string, string>) =>
  Object.entries(labels)
    .filter(([name]) => name !== 'alertname' && name !== 'severity')
    .map(([name, value]) => `${name}=${value}`)
    .join(', ') || 'the alert';

/** One row for each set of labels, in the order in which they first fired. */
export function previewRows({ from, to, firings }: Preview): Row[] {
  const span = Math.max(1, ms(to) - ms(from));
  const place = (instant: string) =>
    Math.min(100, Math.max(0, ((ms(instant) - ms(from)) / span) * 100));
  const rows = new Map<string, Row>();
  for (const firing of [...firings].sort((a, b) => ms(a.fired_at) - ms(b.fired_at))) {
    const label = rowName(firing.labels);
    const row = rows.get(label) ?? { label, bars: [] };
    row.bars.push({
      start: place(firing.active_at),
      fires: place(firing.fired_at),
      end: firing.resolved_at ? place(firing.resolved_at) : 100,
      firing,
    });
    rows.set(label, row);
  }
  return [...rows.values()];
}

const secondsOf = (firing: Firing, to: string) =>
  (ms(firing.resolved_at ?? to) - ms(firing.fired_at)) / 1000;

export function previewWords(preview: Preview, hours: number): string {
  const span = hours === 1 ? 'the last hour' : `the last ${hours} hours`;
  const { firings, to } = preview;
  if (firings.length === 0) return `It would not have fired in ${span}.`;
  const total = firings.reduce((sum, firing) => sum + secondsOf(firing, to), 0);
  const times = firings.length === 1 ? 'once' : countOf(firings.length, 'time');
  const together = firings.length === 1 ? '' : ' in all';
  return `It would have fired ${times} in ${span}, for ${sayDuration(total)}${together}.`;
}
