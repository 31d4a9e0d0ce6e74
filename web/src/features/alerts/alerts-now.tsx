import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconCoffee } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Alert } from '@/api/operator-types';
import { EmptyState } from '@/components/empty-state';
import { ProblemNote } from '@/components/problem-note';
import { AlertCard } from '@/features/alerts/alert-card';
import { alertsQuery, wantsAttention } from '@/features/alerts/now';
import { SilenceDialog } from '@/features/alerts/silence-dialog';
import { draftFor, type SilenceDraft } from '@/features/alerts/silence-draft';

import classes from './alerts.module.css';

const GRAVITY = ['critical', 'warning', 'info'];
const gravityOf = ({ severity }: Alert) => {
  const place = GRAVITY.indexOf(severity);
  return place < 0 ? GRAVITY.length : place;
};
/** The gravest first, and of those the newest. */
const byGravity = (a: Alert, b: Alert) =>
  gravityOf(a) - gravityOf(b) || b.active_at.localeCompare(a.active_at);

function quietReason(alert: Alert, all: readonly Alert[]): string | undefined {
  if (alert.silenced_by.length > 0) return 'silenced';
  const causes = all.filter(({ fingerprint }) => alert.inhibited_by.includes(fingerprint));
  if (causes.length > 0) {
    const names = [...new Set(causes.map(({ name }) => name))];
    return `nobody is told, as ${names.join(' and ')} explains it`;
  }
  return alert.inhibited_by.length > 0 ? 'nobody is told, as another alert explains it' : undefined;
}

interface SectionProps {
  title: string;
  lead: string;
  alerts: Alert[];
  all: readonly Alert[];
  onSilence: (alert: Alert) => void;
}

function Section({ title, lead, alerts, all, onSilence }: SectionProps) {
  if (alerts.length === 0) return null;
  return (
    <section aria-label={title}>
      <Title order={2}>
        {title}{' '}
        <Text span c="dimmed" className={classes.count}>
          {alerts.length}
        </Text>
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {lead}
      </Text>
      <div className={classes.alerts}>
        {[...alerts].sort(byGravity).map((alert) => (
          <AlertCard
            key={alert.fingerprint}
            alert={alert}
            quiet={quietReason(alert, all)}
            onSilence={onSilence}
          />
        ))}
      </div>
    </section>
  );
}

export function AlertsNow() {
  const alerts = useQuery(alertsQuery);
  const [draft, setDraft] = useState<SilenceDraft>();
  if (alerts.isPending) {
    return (
      <div className={classes.alerts} aria-hidden>
        <Skeleton h={150} radius="lg" />
        <Skeleton h={150} radius="lg" />
      </div>
    );
  }
  if (!alerts.data) {
    return (
      <ProblemNote
        error={alerts.error}
        title="The alerts could not be loaded"
        onRetry={alerts.refetch}
      />
    );
  }
  const all = alerts.data.alerts;
  const loud = all.filter(wantsAttention);
  const quiet = all.filter((alert) => alert.state === 'firing' && !wantsAttention(alert));
  const pending = all.filter(({ state }) => state === 'pending');
  const over = all.filter(({ state }) => state === 'resolved');
  const silence = (alert: Alert) => setDraft(draftFor(alert));
  return (
    <Stack gap="xl">
      {loud.length === 0 && (
        <EmptyState icon={<IconCoffee size={34} stroke={1.4} />} title="All quiet">
          {pending.length > 0
            ? 'Nothing fires. Something may soon, if it goes on: see below.'
            : 'Nothing fires, and nothing is about to.'}
        </EmptyState>
      )}
      <Section
        title="Firing"
        lead="Wants somebody’s attention."
        alerts={loud}
        all={all}
        onSilence={silence}
      />
      <Section
        title="Firing quietly"
        lead="Silenced, or explained by another alert: nobody is told."
        alerts={quiet}
        all={all}
        onSilence={silence}
      />
      <Section
        title="Pending"
        lead="Holds, but not yet for as long as the rule asks."
        alerts={pending}
        all={all}
        onSilence={silence}
      />
      <Section
        title="Just over"
        lead="Fired until a short while ago."
        alerts={over}
        all={all}
        onSilence={silence}
      />
      {draft && <SilenceDialog draft={draft} onClose={() => setDraft(undefined)} />}
    </Stack>
  );
}
