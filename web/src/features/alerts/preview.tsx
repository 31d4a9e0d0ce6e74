import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';

import type { Preview } from '@/api/operator-types';
import type { usePreview } from '@/features/alerts/api';
import { previewRows, previewWords } from '@/features/alerts/preview-rows';
import { sayBetween } from '@/lib/duration';
import { formatUnit } from '@/lib/units';

import classes from './rules.module.css';

const HOURS = ['1', '6', '24'];
const MOST_LISTED = 8;

const moment = (instant: string) =>
  new Date(instant).toLocaleString('en-GB', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });

function Timeline({ preview }: { preview: Preview }) {
  return (
    <div className={classes.timeline} aria-hidden>
      {previewRows(preview).map((row) => (
        <div key={row.label} className={classes.track}>
          <span className={classes.trackName}>{row.label}</span>
          <span className={classes.bars}>
            {row.bars.map((bar, at) => (
              <span key={at}>
                <span
                  className={classes.held}
                  style={{ left: `${bar.start}%`, width: `${bar.fires - bar.start}%` }}
                />
                <span
                  className={classes.fired}
                  style={{
                    left: `min(${bar.fires}%, 100% - 4px)`,
                    width: `${bar.end - bar.fires}%`,
                  }}
                />
              </span>
            ))}
          </span>
        </div>
      ))}
      <div className={classes.scale}>
        <span>{moment(preview.from)}</span>
        <span>now</span>
      </div>
    </div>
  );
}

function Firings({ preview }: { preview: Preview }) {
  const { firings, to } = preview;
  return (
    <ul className={classes.firings} aria-label="Would have fired">
      {firings.slice(0, MOST_LISTED).map((firing, at) => (
        <li key={at}>
          <Text size="sm">
            <Text span fw={600}>
              {moment(firing.fired_at)}
            </Text>{' '}
            for {sayBetween(firing.fired_at, firing.resolved_at ?? to)}
            {!firing.resolved_at && ' so far'}, at worst {formatUnit(firing.peak_value, 'none')}
          </Text>
          {firing.summary && (
            <Text size="xs" c="dimmed">
              {firing.summary}
            </Text>
          )}
        </li>
      ))}
      {firings.length > MOST_LISTED && (
        <Text component="li" size="sm" c="dimmed">
          and {firings.length - MOST_LISTED} more
        </Text>
      )}
    </ul>
  );
}

interface Props {
  preview: ReturnType<typeof usePreview>;
  onAsk: (hours: number) => void;
}

/** What the rule would have told, had it been there before. */
export function PreviewOf({ preview, onAsk }: Props) {
  const [hours, setHours] = useState('24');
  return (
    <section className={classes.preview} aria-label="Preview">
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <Text size="sm" fw={600} id="preview-hours">
            In the last
          </Text>
          <SegmentedControl
            size="xs"
            aria-labelledby="preview-hours"
            value={hours}
            onChange={setHours}
            data={HOURS.map((value) => ({ value, label: `${value} h` }))}
          />
        </Group>
        <Button
          size="xs"
          variant="default"
          loading={preview.isPending}
          onClick={() => onAsk(Number(hours))}
        >
          Preview
        </Button>
      </Group>
      <div role="status">
        {preview.data ? (
          <Text size="sm" mt="sm" fw={550}>
            {previewWords(preview.data, preview.variables?.hours ?? Number(hours))}
          </Text>
        ) : (
          <Text size="xs" c="dimmed" mt={6}>
            See when it would have fired, before anybody is told of it.
          </Text>
        )}
      </div>
      {preview.data && preview.data.firings.length > 0 && (
        <>
          <Timeline preview={preview.data} />
          <Firings preview={preview.data} />
        </>
      )}
    </section>
  );
}
