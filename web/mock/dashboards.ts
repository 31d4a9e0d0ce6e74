// Values that look measured: waves, noise, and a bad quarter of an hour.
import type { Dashboard, Health, MatrixSeries } from '@/api/operator-types';
import { API, SYSTEM } from './panels-server.ts';
import { DATABASE, MODELS } from './panels-stores.ts';
import type { Drawn, Shape } from './panels.ts';

const DRAWN: { id: string; title: string; panels: Drawn[] }[] = [
  { id: 'system', title: 'System', panels: SYSTEM },
  { id: 'api', title: 'API', panels: API },
  { id: 'database', title: 'Database', panels: DATABASE },
  { id: 'models', title: 'Models and index', panels: MODELS },
];

export const dashboards = (): Dashboard[] =>
  DRAWN.map(({ id, title, panels }) => ({ id, title, panels: panels.map((each) => each.panel) }));

/** The same moment always has the same noise. */
const noise = (seed: number) => {
  const wave = Math.sin(seed * 12.9898) * 43758.5453;
  return wave - Math.floor(wave) - 0.5;
};

/** Twenty minutes ago it was bad for a quarter of an hour; a little before, nothing was measured for two minutes. */
function valueAt(time: number, [base, swing, spike = 0]: Shape, seed: number): number | undefined {
  const age = Date.now() / 1000 - time;
  if (age > 2_700 && age < 2_820) return undefined;
  const slow = Math.sin(time / 1_900 + seed) * 0.55 + Math.sin(time / 17_000 + seed * 2) * 0.6;
  const bump = age > 300 && age < 1_200 ? Math.sin(((age - 300) / 900) * Math.PI) : 0;
  const value = base + swing * (slow + noise(time + seed) * 0.7) + spike * bump;
  return base >= 0 && swing < base * 2 ? Math.max(0, value) : value;
}

function seriesOf(drawn: Drawn['series'][number], from: number, to: number, step: number) {
  return drawn.map(({ metric, shape }, at): MatrixSeries => {
    const values: [number, string][] = [];
    for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
      const value = valueAt(time, shape, at * 3.7 + shape[0]);
      if (value !== undefined) values.push([time, String(value)]);
    }
    return { metric, values };
  });
}

const allPanels = () => DRAWN.flatMap(({ panels }) => panels);

export function ask(expression: string, from: number, to: number, step: number): MatrixSeries[] {
  const plain = (text: string) => text.replaceAll(/\[(\$window|\d+s)\]/g, '[]');
  for (const { panel: each, series } of allPanels()) {
    const at = each.queries.findIndex((query) => plain(query.expression) === plain(expression));
    if (at >= 0) return seriesOf(series[at] ?? [], from, to, step);
  }
  return [];
}

export function history(dashboard: string, id: string, from: number, to: number) {
  const drawn = DRAWN.find((one) => one.id === dashboard)?.panels.find(
    (each) => each.panel.id === id,
  );
  return {
    queries: (drawn?.panel.queries ?? []).map(({ legend }, at) => ({
      legend,
      result: seriesOf(drawn?.series[at] ?? [], from, to, 300),
    })),
  };
}

export function health(): Health {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const check = (
    name: string,
    took_ms: number,
    status: Health['now'][number]['status'] = 'ok',
    detail = '',
  ) => ({
    check: name,
    status,
    detail,
    took_ms,
    at: ago(0.2),
    instance: 'mock-1',
  });
  return {
    now: [
      check('http', 1.2),
      check('database', 3.4),
      check('cache', 0.8),
      check('models', 41, 'degraded', 'the self-test took three times as long as usual'),
      check('index', 2.1),
      check('disk', 0.3),
      check('receivers', 120, 'failed', 'chat does not answer: connection refused'),
      check('clock', 2.2),
    ],
    changes: [
      {
        at: ago(14),
        instance: 'mock-1',
        check: 'receivers',
        status: 'failed',
        detail: 'chat does not answer: connection refused',
      },
      {
        at: ago(21),
        instance: 'mock-1',
        check: 'models',
        status: 'degraded',
        detail: 'the self-test took three times as long as usual',
      },
      { at: ago(340), instance: 'mock-1', check: 'cache', status: 'ok', detail: '' },
      {
        at: ago(349),
        instance: 'mock-1',
        check: 'cache',
        status: 'failed',
        detail: 'Redis does not answer',
      },
      { at: ago(900), instance: 'mock-1', check: 'disk', status: 'ok', detail: '' },
    ],
  };
}
