import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';

import {
  createPlot,
  type Plot,
  type PlotData,
  type PlotOptions,
} from '@/components/time-chart/plot';

import classes from './time-chart.module.css';

interface Props {
  data: PlotData;
  options: PlotOptions;
  ref: Ref<Pick<Plot, 'point'>>;
}

/** The drawing. Whoever shows other lines, or other colours, gives it another key. */
export function Surface({ data, options, ref }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  const draw = useEffectEvent((place: HTMLElement) => createPlot(place, data, options));

  useEffect(() => {
    const place = host.current;
    if (!place) return;
    const drawn = draw(place);
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      if (place.clientWidth > 0) drawn.resize(place.clientWidth, place.clientHeight);
    });
    observer.observe(place);
    return () => {
      observer.disconnect();
      plot.current = null;
      drawn.destroy();
    };
  }, []);

  useEffect(() => {
    plot.current?.show(data);
  }, [data]);
  useImperativeHandle(ref, () => ({ point: (at) => plot.current?.point(at) }), []);

  return <div ref={host} className={classes.surface} aria-hidden />;
}
