import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBellOff, IconCode, IconHistory } from '@tabler/icons-react';

import type { Alert } from '@/api/operator-types';
import { ExpressionCode } from '@/components/expression-code';
import { TextLink } from '@/components/links';
import { Labels, Severity } from '@/features/alerts/labels';
import { formatAgo } from '@/lib/format';
import { RunbookLink } from '@/features/alerts/runbook-link';
import { sayBetween } from '@/lib/duration';
import { formatUnit } from '@/lib/units';

import classes from './alerts.module.css';

function since(alert: Alert): string {
  if (alert.resolved_at) return `Over ${formatAgo(alert.resolved_at)}`;
  if (alert.state === 'pending') return `Holding for ${sayBetween(alert.active_at, null)}`;
  return `Firing for ${sayBetween(alert.fired_at ?? alert.active_at, null)}`;
}

interface Props {
  alert: Alert;
  /** Why nobody is told of it, if so. */
  quiet?: string;
  onSilence: (alert: Alert) => void;
}

function Links({ alert, isOpen, toggle }: { alert: Alert; isOpen: boolean; toggle: () => void }) {
  return (
    <Group gap="md" className={classes.links}>
      <RunbookLink url={alert.runbook_url} />
      <TextLink to="/alerts" search={{ tab: 'history', name: alert.name }} size="sm">
        <IconHistory size={16} aria-hidden /> History
      </TextLink>
      <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={isOpen}>
        <IconCode size={16} aria-hidden /> PromQL
      </Anchor>
    </Group>
  );
}

export function AlertCard({ alert, quiet, onSilence }: Props) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const { summary, description } = alert.annotations;
  return (
    <article
      className={classes.alert}
      data-severity={alert.severity}
      data-state={alert.state}
      data-quiet={quiet !== undefined || undefined}
      data-testid="alert"
      aria-label={alert.name}
    >
      <div className={classes.alertHead}>
        <div className={classes.words}>
          <Group gap={8}>
            <Title order={3} className={classes.name}>
              {alert.name}
            </Title>
            <Severity severity={alert.severity} />
          </Group>
          {summary && <Text fw={550}>{summary}</Text>}
        </div>
        {quiet === undefined && alert.state !== 'resolved' && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconBellOff size={15} aria-hidden />}
            onClick={() => onSilence(alert)}
            aria-label={`Silence ${alert.name}`}
          >
            Silence
          </Button>
        )}
      </div>
      {description && description !== summary && (
        <Text size="sm" c="dimmed">
          {description}
        </Text>
      )}
      <Text size="sm">
        {since(alert)} · value{' '}
        <Text span fw={600}>
          {formatUnit(alert.value, 'none')}
        </Text>
        {quiet && <> · {quiet}</>}
      </Text>
      <Labels labels={alert.labels} />
      <Links alert={alert} isOpen={isOpen} toggle={toggle} />
      {isOpen && <ExpressionCode expression={alert.expression} label={alert.name} />}
    </article>
  );
}
