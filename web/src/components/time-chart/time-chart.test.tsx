import { act, screen, within } from '@testing-library/react';
import { fireEvent } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';

import type { PlotData, PlotOptions } from '@/components/time-chart/plot';
import { TimeChart } from '@/components/time-chart/time-chart';
import { renderInApp } from '@/testing/render';

/** jsdom cannot draw: what is asked of the drawing is what is tested. */
const drawn = vi.hoisted(() => ({
  options: undefined as PlotOptions | undefined,
  data: [] as PlotData[],
  point: vi.fn(),
}));
vi.mock('@/components/time-chart/plot', () => ({
  createPlot: (_host: unknown, _data: PlotData, options: PlotOptions) => {
    drawn.options = options;
    return {
      show: (data: PlotData) => drawn.data.push(data),
      resize: () => undefined,
      point: drawn.point,
      destroy: () => undefined,
    };
  },
}));
beforeEach(() => {
  drawn.data = [];
  drawn.point.mockReset();
});

const FROM = Date.parse('2026-05-04T10:00:00') / 1000;
const FRAME = {
  times: [FROM, FROM + 15, FROM + 30],
  lines: [
    { label: 'GET', values: [0.001, 0.002, 0.003] },
    { label: 'POST', values: [0.5, null, null] },
  ],
  omitted: 0,
};
const show = (frame = FRAME) =>
  renderInApp(
    <TimeChart
      title="Time to answer"
      frame={frame}
      unit="seconds"
      from={FROM}
      to={FROM + 900}
      group="g"
    />,
  );
const legend = async () =>
  within(await screen.findByRole('list', { name: 'Values of Time to answer' }));

it('reads the last value of each line out in its unit', async () => {
  show();
  const values = (await legend()).getAllByRole('listitem').map((entry) => entry.textContent);
  expect(values).toEqual(['GET3 ms', 'POST500 ms']);
});

it('reads the values at the crosshair out, and a tooltip where it is pointed at', async () => {
  show();
  const entries = await legend();
  act(() => drawn.options?.onCursor({ at: 1, left: 120 }));
  expect(entries.getAllByRole('listitem').map((entry) => entry.textContent)).toEqual([
    'GET2 ms',
    'POST–',
  ]);
  // Another chart of the group is pointed at: no tooltip here.
  expect(screen.queryByText('Mon 4 May, 10:00:15')).not.toBeInTheDocument();
  act(() => drawn.options?.onPointed(true));
  expect(screen.getByText('Mon 4 May, 10:00:15')).toBeInTheDocument();
  act(() => drawn.options?.onCursor(null));
  expect(entries.getByText('3 ms')).toBeInTheDocument();
});

it('moves the crosshair by keyboard, and says in words where it is', async () => {
  show();
  const slider = await screen.findByRole('slider', { name: 'Moment in Time to answer' });
  expect(slider).toHaveAttribute('aria-valuetext', 'Now: GET 3 ms, POST 500 ms');
  fireEvent.change(slider, { target: { value: '0' } });
  expect(drawn.point).toHaveBeenCalledWith(0);
  act(() => drawn.options?.onCursor({ at: 0, left: 40 }));
  expect(slider).toHaveAttribute('aria-valuetext', 'Mon 4 May, 10:00:00: GET 1 ms, POST 500 ms');
});

it('says when there were more lines than it draws', async () => {
  show({ ...FRAME, omitted: 5 });
  expect(await screen.findByText('The 2 highest of 7 lines.')).toBeInTheDocument();
});
