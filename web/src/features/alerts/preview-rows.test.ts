import { expect, it } from 'vitest';

import type { Firing, Preview } from '@/api/operator-types';
import { previewRows, previewWords } from '@/features/alerts/preview-rows';

const firing = (from: string, fired: string, to: string | null, route = 'a'): Firing => ({
  labels: { alertname: 'Slow', severity: 'warning', route },
  active_at: `2026-05-04T${from}:00Z`,
  fired_at: `2026-05-04T${fired}:00Z`,
  resolved_at: to && `2026-05-04T${to}:00Z`,
  peak_value: 3,
  summary: 'slow',
});
const preview = (...firings: Firing[]): Preview => ({
  from: '2026-05-04T00:00:00Z',
  to: '2026-05-04T10:00:00Z',
  step_seconds: 15,
  firings,
});

it('places pending and firing on the line of time, one row for each set of labels', () => {
  const rows = previewRows(
    preview(
      firing('08:00', '09:00', null, 'b'),
      firing('01:00', '02:00', '03:00'),
      firing('05:00', '05:00', '06:00'),
    ),
  );
  expect(rows.map(({ label }) => label)).toEqual(['route=a', 'route=b']);
  expect(rows[0]?.bars.map(({ start, fires, end }) => [start, fires, end])).toEqual([
    [10, 20, 30],
    [50, 50, 60],
  ]);
  expect(rows[1]?.bars[0]).toMatchObject({ start: 80, fires: 90, end: 100 });
});

it('keeps what began before within the line', () => {
  const early = { ...firing('01:00', '01:00', '02:00'), active_at: '2026-05-03T20:00:00Z' };
  expect(previewRows(preview(early))[0]?.bars[0]?.start).toBe(0);
});

it('sums it up in a sentence', () => {
  expect(previewWords(preview(), 24)).toBe('It would not have fired in the last 24 hours.');
  expect(previewWords(preview(firing('01:00', '02:00', '02:10')), 1)).toBe(
    'It would have fired once in the last hour, for 10 minutes.',
  );
  expect(
    previewWords(preview(firing('01:00', '02:00', '02:10'), firing('08:00', '09:30', null)), 24),
  ).toBe('It would have fired 2 times in the last 24 hours, for 40 minutes in all.');
});
