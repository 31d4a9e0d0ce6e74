import { Button, Card, Group, Skeleton, Text, Title, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import type { Health, HealthStatus } from '@/api/operator-types';
import { ProblemNote } from '@/components/problem-note';
import { healthQuery } from '@/features/monitoring/api';
import {
  checkName,
  lastChanges,
  type Part,
  partsOf,
  STATUS_WORDS,
  verdict,
} from '@/features/monitoring/health';
import { formatAgo, sentenceCase } from '@/lib/format';
import type { Refresh } from '@/lib/time-range';
import { formatUnit } from '@/lib/units';

import classes from './health-strip.module.css';

const ICONS: Record<HealthStatus, typeof IconCircleCheck> = {
  ok: IconCircleCheck,
  degraded: IconAlertTriangle,
  failed: IconCircleX,
};

function StatusIcon({ status, size = 18 }: { status: HealthStatus; size?: number }) {
  const Icon = ICONS[status];
  return (
    <span className={classes.icon} data-status={status} aria-hidden>
      <Icon size={size} stroke={1.8} />
    </span>
  );
}

/** A part that is not fine says why. */
function Trouble({ part }: { part: Part }) {
  return (
    <li className={classes.trouble} data-status={part.status} data-testid="health-part">
      <StatusIcon status={part.status} size={20} />
      <div className={classes.words}>
        <Text size="sm" fw={650}>
          {checkName(part.check)}: {STATUS_WORDS[part.status].toLowerCase()}
        </Text>
        {part.reasons.map((reason) => (
          <Text key={reason} size="sm" className={classes.reason}>
            {sentenceCase(reason)}
          </Text>
        ))}
      </div>
    </li>
  );
}

function Fine({ part }: { part: Part }) {
  return (
    <li className={classes.fine} data-status={part.status} data-testid="health-part">
      <StatusIcon status={part.status} size={16} />
      <Text span size="sm">
        {checkName(part.check)}
        <VisuallyHidden> is fine</VisuallyHidden>{' '}
        <Text span size="xs" c="dimmed">
          {part.tookMs < 1 ? '< 1 ms' : formatUnit(part.tookMs / 1000, 'seconds')}
        </Text>
      </Text>
    </li>
  );
}

function Parts({ parts }: { parts: Part[] }) {
  const troubled = parts.filter(({ status }) => status !== 'ok');
  const fine = parts.filter(({ status }) => status === 'ok');
  return (
    <ul className={classes.parts} aria-label="Parts">
      {troubled.map((part) => (
        <Trouble key={part.check} part={part} />
      ))}
      {fine.map((part) => (
        <Fine key={part.check} part={part} />
      ))}
    </ul>
  );
}

const FEW = 3;

function Changes({ health }: { health: Health }) {
  const [isAll, { toggle }] = useDisclosure(false);
  const changes = lastChanges(health);
  if (changes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing has changed in the last 24 hours.
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.changes} aria-label="Last changes">
        {changes.slice(0, isAll ? undefined : FEW).map((change) => (
          <li
            key={`${change.at} ${change.instance} ${change.check}`}
            className={classes.change}
            data-status={change.status}
          >
            <StatusIcon status={change.status} size={15} />
            <Text size="sm" className={classes.words}>
              <Text span fw={600}>
                {checkName(change.check)}
              </Text>{' '}
              {change.status === 'ok' ? 'is fine again' : STATUS_WORDS[change.status].toLowerCase()}
              {change.detail && change.status !== 'ok' && `: ${change.detail}`}
            </Text>
            <Text size="xs" c="dimmed" title={new Date(change.at).toLocaleString('en-GB')}>
              {formatAgo(change.at)}
            </Text>
          </li>
        ))}
      </ul>
      {changes.length > FEW && (
        <Button size="compact-xs" variant="subtle" onClick={toggle} mt={4}>
          {isAll ? 'Show fewer' : `All ${changes.length} changes of the last 24 hours`}
        </Button>
      )}
    </>
  );
}

/** How every part of the server is now, and what changed lately. */
export function HealthStrip({ refresh }: { refresh: Refresh }) {
  const health = useQuery(healthQuery(refresh));
  if (health.isPending) return <Skeleton h={168} radius="lg" mb="lg" aria-label="Loading" />;
  if (!health.data) {
    return (
      <div className={classes.failed}>
        <ProblemNote
          error={health.error}
          title="The health checks could not be read"
          onRetry={health.refetch}
        />
      </div>
    );
  }
  const parts = partsOf(health.data.now);
  const whole = verdict(parts);
  return (
    <Card component="section" withBorder className={classes.strip} aria-label="Health">
      <Group justify="space-between" gap="xs" mb="sm">
        <Group gap={9} wrap="nowrap">
          <StatusIcon status={whole.status} size={22} />
          <Title order={2} className={classes.verdict}>
            {parts.length === 0 ? 'No check has been made yet' : whole.words}
          </Title>
        </Group>
        {health.isError && (
          <Text size="xs" c="red" role="status">
            Not up to date: the server does not answer.
          </Text>
        )}
      </Group>
      <Parts parts={parts} />
      <Changes health={health.data} />
    </Card>
  );
}
