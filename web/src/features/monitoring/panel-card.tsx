import {
  ActionIcon,
  Button,
  Card,
  Group,
  Loader,
  Skeleton,
  Text,
  Title,
  Tooltip,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconCode } from '@tabler/icons-react';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import type { Panel } from '@/api/operator-types';
import { toProblem } from '@/api/problem';
import { isEmpty } from '@/components/time-chart/frame';
import { TimeChart } from '@/components/time-chart/time-chart';
import { type PanelData, panelQuery } from '@/features/monitoring/api';
import { PanelDetails } from '@/features/monitoring/panel-details';
import { sentenceCase } from '@/lib/format';
import { type Range, type Refresh, STRETCHES } from '@/lib/time-range';

import classes from './monitoring.module.css';

interface Props {
  dashboard: string;
  panel: Panel;
  range: Range;
  refresh: Refresh;
}

/** Why there is nothing to see, which depends on where the values would come from. */
function Nothing({ range }: { range: Range }) {
  return (
    <div className={classes.nothing}>
      <Text fw={600} size="sm">
        Nothing measured in this time
      </Text>
      <Text size="xs" c="dimmed">
        {STRETCHES[range].isKept
          ? 'The database keeps a value every five minutes, for 90 days: the first ones are still to come.'
          : 'It may not have happened yet, or the server has just started: it keeps the last 24 hours in memory.'}
      </Text>
    </div>
  );
}

function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className={classes.nothing} role="alert">
      <IconAlertTriangle className={classes.failed} size={22} aria-hidden />
      <Text fw={600} size="sm">
        This chart could not be drawn
      </Text>
      <Text size="xs" c="dimmed" className={classes.reason}>
        {sentenceCase(toProblem(error).detail)}
      </Text>
      <Button size="xs" variant="default" mt={6} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

function Notes({ query }: { query: UseQueryResult<PanelData> }) {
  const failures = query.data?.failures ?? [];
  const stale = query.isError && query.data ? toProblem(query.error).detail : undefined;
  if (failures.length === 0 && !stale) return null;
  return (
    <div className={classes.notes} role="status">
      <IconAlertTriangle size={15} aria-hidden />
      <Text size="xs">
        {stale && `Not up to date: ${stale}. `}
        {failures.map(({ legend, reason }) => `“${legend}” is missing: ${reason}.`).join(' ')}
      </Text>
    </div>
  );
}

function Content({ panel, range, query, dashboard }: Props & { query: UseQueryResult<PanelData> }) {
  if (query.isPending) return <Skeleton h={230} radius="md" aria-label="Loading" />;
  if (!query.data) {
    return <Failure error={query.error} onRetry={query.refetch} />;
  }
  const { frame, from, to } = query.data;
  if (isEmpty(frame)) return <Nothing range={range} />;
  return (
    <div className={classes.drawing} data-old={query.isPlaceholderData || undefined}>
      <TimeChart
        title={panel.title}
        frame={frame}
        unit={panel.unit}
        min={panel.min ?? undefined}
        max={panel.max ?? undefined}
        from={from}
        to={to}
        group={dashboard}
      />
    </div>
  );
}

export function PanelCard(props: Props) {
  const { dashboard, panel, range, refresh } = props;
  const query = useQuery(panelQuery(dashboard, panel, range, refresh));
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Card
      component="section"
      withBorder
      className={classes.panel}
      aria-label={panel.title}
      data-testid="panel"
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs" mb={6}>
        <div>
          <Group gap={8} wrap="nowrap">
            <Title order={2} className={classes.title}>
              {panel.title}
            </Title>
            {query.isPlaceholderData && <Loader size={14} aria-label="Loading" />}
          </Group>
          <Text size="xs" c="dimmed">
            {sentenceCase(panel.help)}
          </Text>
        </div>
        <Tooltip label="The PromQL behind this chart">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            mt={-4}
            me={-4}
            onClick={open}
            aria-label={`PromQL of ${panel.title}`}
          >
            <IconCode size={19} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Content {...props} query={query} />
      <Notes query={query} />
      <PanelDetails panel={panel} range={range} data={query.data} isOpen={isOpen} onClose={close} />
    </Card>
  );
}
