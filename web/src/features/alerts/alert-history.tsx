import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconBell, IconCircleCheck, IconHistory, IconHourglass } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';

import type { AlertEvent, AlertState } from '@/api/operator-types';
import { EmptyState } from '@/components/empty-state';
import { LoadMore } from '@/components/load-more';
import { ProblemNote } from '@/components/problem-note';
import { historyQuery } from '@/features/alerts/api';
import { Labels, Severity } from '@/features/alerts/labels';
import { formatAgo } from '@/lib/format';

import classes from './alerts.module.css';

const STATES: Record<AlertState, { icon: typeof IconBell; word: string }> = {
  pending: { icon: IconHourglass, word: 'began to hold' },
  firing: { icon: IconBell, word: 'fired' },
  resolved: { icon: IconCircleCheck, word: 'is over' },
};

function EventRow({ event, onName }: { event: AlertEvent; onName: (name: string) => void }) {
  const { icon: Icon, word } = STATES[event.state];
  return (
    <li className={classes.event} data-testid="alert-event">
      <span
        className={classes.eventIcon}
        data-state={event.state}
        data-severity={event.severity}
        aria-hidden
      >
        <Icon size={18} stroke={1.7} />
      </span>
      <div className={classes.words}>
        <Group gap={6}>
          <button type="button" className={classes.nameButton} onClick={() => onName(event.name)}>
            {event.name}
          </button>
          <Text size="sm">{word}</Text>
          {event.state === 'firing' && <Severity severity={event.severity} />}
        </Group>
        {event.annotations.summary && (
          <Text size="sm" c="dimmed">
            {event.annotations.summary}
          </Text>
        )}
        <Labels labels={event.labels} />
      </div>
      <Text
        size="xs"
        c="dimmed"
        className={classes.when}
        title={new Date(event.at).toLocaleString('en-GB')}
      >
        {formatAgo(event.at)}
      </Text>
    </li>
  );
}

interface Props {
  name?: string;
  onName: (name?: string) => void;
}

export function AlertHistory({ name, onName }: Props) {
  const history = useInfiniteQuery(historyQuery(name));
  const events = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.narrow}>
      {name && (
        <Group gap="sm" mb="md">
          <Text>
            Only{' '}
            <Text span fw={600}>
              {name}
            </Text>
          </Text>
          <Button size="xs" variant="default" onClick={() => onName(undefined)}>
            Show all
          </Button>
        </Group>
      )}
      {history.isPending && (
        <Stack gap="sm" aria-hidden>
          {[0, 1, 2].map((index) => (
            <Skeleton key={index} h={64} radius="md" />
          ))}
        </Stack>
      )}
      {history.isError && events.length === 0 && (
        <ProblemNote
          error={history.error}
          title="The history could not be loaded"
          onRetry={history.refetch}
        />
      )}
      {history.isSuccess && events.length === 0 && (
        <EmptyState icon={<IconHistory size={32} stroke={1.4} />} title="Nothing has happened">
          {name
            ? `${name} has never fired, as far as is remembered.`
            : 'When an alert fires, and when it is over, is written down here.'}
        </EmptyState>
      )}
      <ul className={classes.list} aria-label="History">
        {events.map((event) => (
          <EventRow key={event.id} event={event} onName={onName} />
        ))}
      </ul>
      <LoadMore list={history} />
    </div>
  );
}
