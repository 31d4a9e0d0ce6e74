import { describe, expect, it } from 'vitest';

import {
  frameOf,
  isEmpty,
  legendOf,
  lonelyPoints,
  MOST_LINES,
  summaryOf,
  valueRange,
} from '@/components/time-chart/frame';

const series = (metric: Record<string, string>, ...values: [number, string][]) => ({
  metric,
  values,
});

describe('a frame', () => {
  it('puts series measured at different moments on one row of moments', () => {
    const frame = frameOf(
      [
        { legend: '{{code}}', result: [series({ code: '200' }, [15, '1'], [30, '2'])] },
        { legend: 'all', result: [series({}, [30, '4'], [45, '6'])] },
      ],
      15,
    );
    expect(frame).toEqual({
      times: [15, 30, 45],
      lines: [
        { label: '200', values: [1, 2, null] },
        { label: 'all', values: [null, 4, 6] },
      ],
      omitted: 0,
    });
  });

  it('breaks the line where nothing was measured for longer than a step', () => {
    const { times, lines } = frameOf(
      [{ legend: 'a', result: [series({}, [0, '1'], [15, '2'], [60, '3'], [75, '4'])] }],
      15,
    );
    expect(times).toEqual([0, 15, 30, 60, 75]);
    expect(lines[0]?.values).toEqual([1, 2, null, 3, 4]);
  });

  it('draws no number that is none', () => {
    const { lines } = frameOf(
      [{ legend: 'a', result: [series({}, [0, 'NaN'], [15, '+Inf'], [30, '1e-3'], [45, ''])] }],
      15,
    );
    expect(lines[0]?.values).toEqual([null, null, 0.001, null]);
  });

  it('keeps the highest of too many lines, and says how many are missing', () => {
    const result = Array.from({ length: MOST_LINES + 4 }, (_, at) =>
      series({ route: `r${at}` }, [0, String(at)]),
    );
    const { lines, omitted } = frameOf([{ legend: '{{route}}', result }], 15);
    expect(omitted).toBe(4);
    expect(lines.map((line) => line.label)).toContain(`r${MOST_LINES + 3}`);
    expect(lines.map((line) => line.label)).not.toContain('r0');
  });

  it('is empty without a number in it', () => {
    expect(isEmpty(frameOf([], 15))).toBe(true);
    expect(isEmpty(frameOf([{ legend: 'a', result: [series({}, [0, 'NaN'])] }], 15))).toBe(true);
    expect(isEmpty(frameOf([{ legend: 'a', result: [series({}, [0, '0'])] }], 15))).toBe(false);
  });
});

describe('a legend', () => {
  it('is filled in from the labels', () => {
    expect(legendOf('{{method}} {{ route }}', { method: 'GET', route: '/a' })).toBe('GET /a');
    expect(legendOf('{{nothing}} p99', {})).toBe('p99');
  });

  it('that is missing is made of the labels', () => {
    expect(legendOf('', { __name__: 'up', job: 'x' })).toBe('up job=x');
    expect(legendOf('', {})).toBe('value');
  });
});

describe('a line', () => {
  it('is summed up by what was measured', () => {
    const values = [null, 2, 4, 9, null];
    expect(summaryOf({ label: 'a', values })).toEqual({ last: 9, min: 2, mean: 5, max: 9 });
    expect(summaryOf({ label: 'a', values: [null] }).last).toBeNull();
  });

  it('has points that stand alone', () => {
    expect(lonelyPoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(lonelyPoints([])).toEqual([]);
  });
});

describe('the value axis', () => {
  it('starts from nothing where no value is negative, with air above', () => {
    const [low, high] = valueRange(90, 100, {});
    expect(low).toBe(0);
    expect(high).toBeCloseTo(108);
  });

  it('has air below what is negative', () => {
    expect(valueRange(-50, 50, {})[0]).toBeCloseTo(-58);
  });

  it('keeps to the bounds of the panel as long as the data does', () => {
    expect(valueRange(0.2, 0.9, { min: 0, max: 1 })).toEqual([0, 1]);
    expect(valueRange(0.2, 1.5, { min: 0, max: 1 })[1]).toBeGreaterThan(1.5);
  });

  it('has a height where all is nothing', () => {
    expect(valueRange(0, 0, {})).toEqual([0, 1]);
    expect(valueRange(null, null, {})).toEqual([0, 1]);
  });
});
