import { ActionIcon, NativeSelect, SegmentedControl, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';

import { type Range, RANGES, type Refresh, REFRESHES, STRETCHES } from '@/lib/time-range';

import classes from './monitoring.module.css';

interface Props {
  range: Range;
  refresh: Refresh;
  onRange: (range: Range) => void;
  onRefresh: (refresh: Refresh) => void;
}

const REFRESH_WORDS: Record<Refresh, string> = {
  off: 'Refresh off',
  '15s': 'Every 15 s',
  '1m': 'Every minute',
};

export function TimeControls({ range, refresh, onRange, onRefresh }: Props) {
  const queryClient = useQueryClient();
  const isFetching = useIsFetching({ queryKey: ['monitoring'] }) > 0;
  return (
    <div className={classes.controls}>
      <div className={classes.ranges}>
        <SegmentedControl
          aria-label="Time range"
          size="xs"
          value={range}
          onChange={(value) => onRange(value as Range)}
          data={RANGES.map((one) => ({ value: one, label: STRETCHES[one].label }))}
        />
      </div>
      <div className={classes.refresh}>
        <NativeSelect
          aria-label="Refresh"
          size="xs"
          value={refresh}
          onChange={(event) => onRefresh(event.currentTarget.value as Refresh)}
          data={REFRESHES.map((one) => ({ value: one, label: REFRESH_WORDS[one] }))}
        />
        <Tooltip label="Refresh now">
          <ActionIcon
            variant="default"
            size={30}
            loading={isFetching}
            aria-label="Refresh now"
            onClick={() => queryClient.invalidateQueries({ queryKey: ['monitoring'] })}
          >
            <IconRefresh size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}
