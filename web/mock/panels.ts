// What panels of the mock are made of: a question, and how the values of its answer go.
import type { Panel } from '@/api/operator-types';

export type Shape = [base: number, swing: number, spike?: number];
export interface Drawn {
  panel: Panel;
  /** Labels of each series of each query, and how its values go. */
  series: { metric: Record<string, string>; shape: Shape }[][];
}

export const one = (legend: string, expression: string, shape: Shape) => ({
  legend,
  expression,
  series: [{ metric: {}, shape }],
});
export const many = (
  legend: string,
  expression: string,
  label: string,
  all: Record<string, Shape>,
) => ({
  legend,
  expression,
  series: Object.entries(all).map(([value, shape]) => ({ metric: { [label]: value }, shape })),
});
type Query = ReturnType<typeof one>;

export function panel(
  id: string,
  title: string,
  help: string,
  unit: Panel['unit'],
  queries: Query[],
  bounds: { min?: number; max?: number } = {},
): Drawn {
  return {
    panel: {
      id,
      title,
      help,
      unit,
      ...bounds,
      queries: queries.map(({ legend, expression }) => ({ legend, expression })),
    },
    series: queries.map(({ series }) => series),
  };
}

export const SHARE = { min: 0, max: 1 };
