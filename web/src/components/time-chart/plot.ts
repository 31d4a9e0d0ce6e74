// The one place that knows uPlot.
import 'uplot/dist/uPlot.min.css';

import uPlot from 'uplot';

import { type Frame, lonelyPoints, valueRange } from '@/components/time-chart/frame';
import {
  colourOf,
  isDashed,
  momentLabels,
  type Scheme,
  SECOND_STEPS,
} from '@/components/time-chart/look';
import { axisLabels, type Unit } from '@/lib/units';

export interface Cursor {
  /** Index into the frame's moments. */
  at: number;
  /** Pixels from the left edge of the whole chart. */
  left: number;
}

export interface PlotOptions {
  unit: Unit;
  min?: number;
  max?: number;
  /** Charts of one group show their crosshairs together. */
  group: string;
  scheme: Scheme;
  onCursor: (cursor: Cursor | null) => void;
  onPointed: (isPointed: boolean) => void;
}

export interface PlotData {
  frame: Frame;
  /** Seconds since 1970. */
  from: number;
  to: number;
}

export interface Plot {
  show: (data: PlotData) => void;
  resize: (width: number, height: number) => void;
  /** Puts the crosshair on a moment, here and in the whole group. */
  point: (at: number) => void;
  destroy: () => void;
}

const FONT = "12px 'Figtree Variable', system-ui, sans-serif";
const LETTER_PX = 6.7;
/** Farther from the crosshair nothing is read out: it would be the value of another moment. */
const REACH_PX = 14;

function axesOf(host: HTMLElement, unit: Unit): uPlot.Axis[] {
  const styles = getComputedStyle(host);
  const words = styles.getPropertyValue('--mantine-color-dimmed').trim();
  const line = styles.getPropertyValue('--ff-line').trim();
  const common: uPlot.Axis = {
    stroke: words,
    font: FONT,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...common,
      grid: { show: false },
      ticks: { show: true, stroke: line, size: 4, width: 1 },
      space: 62,
      size: 30,
      gap: 4,
      values: (_, splits, _axis, _space, gap) => momentLabels(splits, gap),
    },
    {
      ...common,
      space: 28,
      gap: 6,
      size: (_, values) =>
        Math.max(30, ...(values ?? []).map((text) => text.length * LETTER_PX + 12)),
      values: (_, splits) => axisLabels(splits, unit),
      ...(unit === 'seconds' ? { incrs: [...SECOND_STEPS] } : {}),
      ...(unit === 'count' ? { incrs: wholeSteps() } : {}),
    },
  ];
}

/** Nobody has half a connection. */
const wholeSteps = () =>
  Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

function seriesOf(frame: Frame, scheme: Scheme): uPlot.Series[] {
  const isAlone = frame.lines.length === 1;
  const lines = frame.lines.map((line, at): uPlot.Series => {
    const colour = colourOf(at, scheme);
    return {
      label: line.label,
      stroke: colour,
      width: 1.75,
      dash: isDashed(at) ? [6, 4] : undefined,
      fill: isAlone ? `${colour}1f` : undefined,
      points: {
        show: true,
        size: 5,
        fill: colour,
        filter: (self, index) => lonelyPoints([...(self.data[index] ?? [])]),
      },
    };
  });
  return [{}, ...lines];
}

/** Moves the crosshair here and in the whole group: the third argument, which the types do not know, tells the others. */
function moveCursor(plot: uPlot, left: number, top: number) {
  const move: (at: { left: number; top: number }, tell?: boolean, group?: boolean) => void =
    plot.setCursor;
  move({ left, top }, true, true);
}

/** A finger that moves sideways leads the crosshair; up and down it scrolls the page. */
function followFinger(plot: uPlot, onPointed: (isPointed: boolean) => void) {
  const { over } = plot;
  over.style.touchAction = 'pan-y';
  const lead = (event: TouchEvent) => {
    const touch = event.touches[0];
    if (!touch) return;
    const box = over.getBoundingClientRect();
    onPointed(true);
    moveCursor(plot, touch.clientX - box.left, touch.clientY - box.top);
  };
  over.addEventListener('touchstart', lead, { passive: true });
  over.addEventListener('touchmove', lead, { passive: true });
  over.addEventListener('mouseenter', () => onPointed(true));
  over.addEventListener('mouseleave', () => onPointed(false));
}

const rowsOf = (frame: Frame): uPlot.AlignedData => [
  frame.times,
  ...frame.lines.map((line) => line.values),
];

/** Draws `data` into `host`. Other lines need another plot. */
export function createPlot(host: HTMLElement, data: PlotData, options: PlotOptions): Plot {
  let shown = data;
  const { unit, min, max, scheme } = options;
  const plot = new uPlot(
    {
      width: host.clientWidth || 300,
      height: host.clientHeight || 180,
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { size: 7, width: 2 },
        sync: { key: options.group, setSeries: false },
      },
      scales: {
        x: { time: true, range: () => [shown.from, shown.to] },
        y: { range: (_, low, high) => valueRange(low, high, { min, max }) },
      },
      axes: axesOf(host, unit),
      series: seriesOf(data.frame, scheme),
      hooks: {
        setCursor: [
          (self) => {
            const { idx, left = -1 } = self.cursor;
            const time = idx === null || idx === undefined ? undefined : self.data[0][idx];
            const isThere =
              left >= 0 &&
              time !== undefined &&
              Math.abs(self.valToPos(time, 'x') - left) <= REACH_PX;
            const edge = self.over.offsetLeft;
            options.onCursor(isThere ? { at: idx as number, left: left + edge } : null);
          },
        ],
      },
    },
    rowsOf(data.frame),
    host,
  );
  followFinger(plot, options.onPointed);
  return {
    show: (next) => {
      shown = next;
      plot.setData(rowsOf(next.frame));
    },
    resize: (width, height) => plot.setSize({ width, height }),
    point: (at) => {
      const time = shown.frame.times[at];
      if (time === undefined) return;
      moveCursor(plot, plot.valToPos(time, 'x'), 0);
    },
    destroy: () => plot.destroy(),
  };
}
