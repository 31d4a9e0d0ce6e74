import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { bodyOf, client } from '@/api/client';
import type { MatrixSeries, Panel } from '@/api/operator-types';
import { toProblem } from '@/api/problem';
import { type Answer, type Frame, frameOf } from '@/components/time-chart/frame';
import {
  fillWindow,
  type Range,
  type Refresh,
  REFRESH_MS,
  STRETCHES,
  type TimeWindow,
  windowOf,
} from '@/lib/time-range';

export const dashboardsQuery = queryOptions({
  queryKey: ['monitoring', 'dashboards'],
  queryFn: async () => (await bodyOf(client.GET('/api/monitoring/dashboards'))).dashboards,
  staleTime: 10 * 60_000,
});

const HEALTH_HOURS = 24;

export const healthQuery = (refresh: Refresh) =>
  queryOptions({
    queryKey: ['monitoring', 'health'],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/monitoring/health', {
          params: { query: { hours: HEALTH_HOURS } },
          signal,
        }),
      ),
    refetchInterval: REFRESH_MS[refresh],
    meta: { isShown: true },
  });

export interface PanelData extends TimeWindow {
  frame: Frame;
  /** Queries that failed while others did not. */
  failures: { legend: string; reason: string }[];
}

type Asked = { legend: string; expression: string };

async function live(query: Asked, window: TimeWindow, signal: AbortSignal): Promise<Answer> {
  const { data } = await bodyOf(
    client.GET('/api/monitoring/query_range', {
      params: {
        query: {
          query: fillWindow(query.expression, window.step),
          start: String(window.from),
          end: String(window.to),
          step: String(window.step),
        },
      },
      signal,
    }),
  );
  // What the data of an answer is depends on the question; a range always gives a matrix.
  const { result } = data as { result: MatrixSeries[] };
  return { legend: query.legend, result };
}

async function kept(
  dashboard: string,
  panel: string,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<Answer[]> {
  const instant = (seconds: number) => new Date(seconds * 1000).toISOString();
  const query = { dashboard, panel, from: instant(window.from), to: instant(window.to) };
  const { queries } = await bodyOf(
    client.GET('/api/monitoring/history', { params: { query }, signal }),
  );
  return queries;
}

/** Every query of the panel. One that fails does not take the others with it. */
async function liveAll(panel: Panel, window: TimeWindow, signal: AbortSignal) {
  const settled = await Promise.allSettled(
    panel.queries.map((query) => live(query, window, signal)),
  );
  const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const reasons = settled.flatMap((one, at) =>
    one.status === 'rejected'
      ? [{ legend: panel.queries[at]?.legend ?? '', error: one.reason as unknown }]
      : [],
  );
  if (answers.length === 0 && reasons[0]) throw reasons[0].error;
  const failures = reasons.map(({ legend, error }) => ({
    legend,
    reason: toProblem(error).detail,
  }));
  return { answers, failures };
}

export const panelQuery = (dashboard: string, panel: Panel, range: Range, refresh: Refresh) =>
  queryOptions({
    queryKey: ['monitoring', 'panel', dashboard, panel.id, range],
    queryFn: async ({ signal }): Promise<PanelData> => {
      const window = windowOf(range);
      const { answers, failures } = STRETCHES[range].isKept
        ? { answers: await kept(dashboard, panel.id, window, signal), failures: [] }
        : await liveAll(panel, window, signal);
      return { ...window, frame: frameOf(answers, window.step), failures };
    },
    refetchInterval: REFRESH_MS[refresh],
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    meta: { isShown: true },
  });
