import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconBellOff, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Silence } from '@/api/operator-types';
import { EmptyState } from '@/components/empty-state';
import { ProblemNote } from '@/components/problem-note';
import { silencesQuery, useExpireSilence } from '@/features/alerts/api';
import { matcherText } from '@/features/alerts/matchers';
import { SilenceDialog } from '@/features/alerts/silence-dialog';
import { draftOf, newDraft, type SilenceDraft } from '@/features/alerts/silence-draft';
import { weeklyWords, whenWords } from '@/features/alerts/silence-words';
import { countOf } from '@/lib/format';

import classes from './silences.module.css';

function SilenceRow({ silence, onEdit }: { silence: Silence; onEdit: () => void }) {
  const expire = useExpireSilence();
  const isOver = silence.status === 'expired';
  const ask = () =>
    modals.openConfirmModal({
      title: 'End this silence now?',
      children: <Text size="sm">Whatever still fires is told of again.</Text>,
      labels: { confirm: 'End it', cancel: 'Keep it' },
      onConfirm: () => expire.mutate(silence.id),
    });
  return (
    <li className={classes.silence} data-testid="silence" data-status={silence.status}>
      <ul className={classes.matchers} aria-label="Silences alerts whose">
        {silence.matchers.map((matcher, at) => (
          <li key={at} className={classes.matcher}>
            {matcherText(matcher)}
          </li>
        ))}
      </ul>
      <Text fw={550}>{silence.comment}</Text>
      <Text size="sm">
        {whenWords(silence)}
        {silence.weekly && `, ${weeklyWords(silence.weekly)}`}
        {!isOver && ` · ${countOf(silence.alerts, 'alert')} silenced now`}
      </Text>
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          By {silence.created_by}
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            onClick={onEdit}
            aria-label={`${isOver ? 'Repeat' : 'Change'}: ${silence.comment}`}
          >
            {isOver ? 'Once more…' : 'Change…'}
          </Button>
          {!isOver && (
            <Button
              size="xs"
              variant="default"
              loading={expire.isPending}
              onClick={ask}
              aria-label={`End: ${silence.comment}`}
            >
              End now
            </Button>
          )}
        </Group>
      </Group>
    </li>
  );
}

const SECTIONS: { status: Silence['status']; title: string }[] = [
  { status: 'active', title: 'In force' },
  { status: 'pending', title: 'To come' },
  { status: 'expired', title: 'Over' },
];

export function Silences() {
  const silences = useQuery(silencesQuery);
  const [draft, setDraft] = useState<SilenceDraft>();
  if (silences.isPending) {
    return (
      <Stack gap="sm" aria-hidden>
        <Skeleton h={120} radius="lg" />
        <Skeleton h={120} radius="lg" />
      </Stack>
    );
  }
  if (!silences.data) {
    return (
      <ProblemNote
        error={silences.error}
        title="The silences could not be loaded"
        onRetry={silences.refetch}
      />
    );
  }
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDraft(newDraft())}>
      New silence
    </Button>
  );
  return (
    <>
      {silences.data.length === 0 ? (
        <EmptyState
          icon={<IconBellOff size={32} stroke={1.4} />}
          title="Nothing is silenced"
          action={add}
        >
          While you work on something, a silence keeps the messages about it away, until a time that
          you choose.
        </EmptyState>
      ) : (
        <Stack gap="xl">
          <Group justify="space-between" gap="sm" maw={900}>
            <Text size="sm" c="dimmed">
              Silenced alerts still fire and are shown; only nobody is told.
            </Text>
            {add}
          </Group>
          {SECTIONS.map(({ status, title }) => {
            const rows = silences.data.filter((silence) => silence.status === status);
            if (rows.length === 0) return null;
            return (
              <section key={status} aria-label={title}>
                <Title order={2} mb="xs" className={classes.title}>
                  {title}
                </Title>
                <ul className={classes.list}>
                  {rows.map((silence) => (
                    <SilenceRow
                      key={silence.id}
                      silence={silence}
                      onEdit={() => setDraft(draftOf(silence))}
                    />
                  ))}
                </ul>
              </section>
            );
          })}
        </Stack>
      )}
      {draft && <SilenceDialog draft={draft} onClose={() => setDraft(undefined)} />}
    </>
  );
}
