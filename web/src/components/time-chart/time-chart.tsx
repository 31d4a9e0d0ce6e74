import { Text, useComputedColorScheme } from '@mantine/core';
import { useId, useMemo, useRef, useState } from 'react';

import { type Frame, summaryOf } from '@/components/time-chart/frame';
import { colourOf, isDashed, sayMoment, type Scheme } from '@/components/time-chart/look';
import type { Cursor, Plot } from '@/components/time-chart/plot';
import { Surface } from '@/components/time-chart/surface';
import { formatUnit, type Unit } from '@/lib/units';

import classes from './time-chart.module.css';

interface Props {
  title: string;
  frame: Frame;
  unit: Unit;
  min?: number;
  max?: number;
  /** What the chart spans, in seconds since 1970. */
  from: number;
  to: number;
  /** Charts of one group show the same moment. */
  group: string;
}

interface Reading {
  label: string;
  place: number;
  value: number | null;
}

/** The values at a moment, or the last of each line. */
const readingsOf = (frame: Frame, at: number | undefined): Reading[] =>
  frame.lines.map((line, place) => ({
    label: line.label,
    place,
    value: at === undefined ? summaryOf(line).last : (line.values[at] ?? null),
  }));

const say = (value: number | null, unit: Unit) => (value === null ? '–' : formatUnit(value, unit));

function Mark({ place, scheme }: { place: number; scheme: Scheme }) {
  return (
    <span
      className={classes.mark}
      data-dashed={isDashed(place) || undefined}
      style={{ color: colourOf(place, scheme) }}
      aria-hidden
    />
  );
}

const MOST_IN_TOOLTIP = 8;
/** So many lines stand side by side; more stand in columns. */
const FEW = 3;

interface TooltipProps {
  moment: string;
  readings: Reading[];
  unit: Unit;
  scheme: Scheme;
  isOnRight: boolean;
  left: number;
}

function Tooltip({ moment, readings, unit, scheme, isOnRight, left }: TooltipProps) {
  const measured = readings.filter(({ value }) => value !== null);
  const shown = [...measured]
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, MOST_IN_TOOLTIP);
  const place = isOnRight ? { left: left + 14 } : { right: `calc(100% - ${left - 14}px)` };
  return (
    <div className={classes.tooltip} style={place} aria-hidden>
      <Text size="xs" fw={650}>
        {moment}
      </Text>
      {shown.length === 0 && <Text size="xs">Nothing measured</Text>}
      {shown.map((reading) => (
        <div key={reading.place} className={classes.tooltipRow}>
          <Mark place={reading.place} scheme={scheme} />
          <span className={classes.label}>{reading.label}</span>
          <span className={classes.value}>{say(reading.value, unit)}</span>
        </div>
      ))}
      {measured.length > shown.length && (
        <Text size="xs">and {measured.length - shown.length} more below</Text>
      )}
    </div>
  );
}

function Legend({
  readings,
  unit,
  scheme,
  title,
}: {
  readings: Reading[];
  unit: Unit;
  scheme: Scheme;
  title: string;
}) {
  return (
    <ul
      className={classes.legend}
      data-many={readings.length > FEW || undefined}
      aria-label={`Values of ${title}`}
    >
      {readings.map((reading) => (
        <li key={reading.place} className={classes.entry}>
          <Mark place={reading.place} scheme={scheme} />
          <span className={classes.label} title={reading.label}>
            {reading.label}
          </span>
          <span className={classes.value}>{say(reading.value, unit)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Lines over time with a crosshair that mouse, finger and keyboard move, and a legend that reads it out. */
export function TimeChart({ title, frame, unit, min, max, from, to, group }: Props) {
  const scheme = useComputedColorScheme('light');
  const surface = useRef<Pick<Plot, 'point'>>(null);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const [isPointed, setPointed] = useState(false);
  const id = useId();
  const data = useMemo(() => ({ frame, from, to }), [frame, from, to]);
  const time = cursor ? frame.times[cursor.at] : undefined;
  const at = cursor && time !== undefined ? cursor.at : undefined;
  const readings = readingsOf(frame, at);
  const moment = time === undefined ? 'Now' : sayMoment(time, to - from);
  const words = readings.map(({ label, value }) => `${label} ${say(value, unit)}`).join(', ');
  const structure = JSON.stringify([scheme, unit, min, max, frame.lines.map(({ label }) => label)]);
  return (
    <figure className={classes.chart} aria-labelledby={id}>
      <figcaption id={id} className={classes.hidden}>
        {title}
      </figcaption>
      <div className={classes.frame}>
        <Surface
          key={structure}
          ref={surface}
          data={data}
          options={{
            unit,
            min,
            max,
            group,
            scheme,
            onCursor: (next) =>
              setCursor((before) =>
                before?.at === next?.at && before?.left === next?.left ? before : next,
              ),
            onPointed: setPointed,
          }}
        />
        <input
          type="range"
          className={classes.keys}
          aria-label={`Moment in ${title}`}
          aria-valuetext={`${moment}: ${words}`}
          min={0}
          max={Math.max(0, frame.times.length - 1)}
          value={at ?? frame.times.length - 1}
          onChange={(event) => surface.current?.point(Number(event.currentTarget.value))}
        />
        {isPointed && cursor && at !== undefined && (
          <Tooltip
            moment={moment}
            readings={readings}
            unit={unit}
            scheme={scheme}
            isOnRight={(time ?? 0) < (from + to) / 2}
            left={cursor.left}
          />
        )}
      </div>
      <Legend readings={readings} unit={unit} scheme={scheme} title={title} />
      {frame.omitted > 0 && (
        <Text size="xs" c="dimmed" px={4}>
          The {frame.lines.length} highest of {frame.lines.length + frame.omitted} lines.
        </Text>
      )}
    </figure>
  );
}
