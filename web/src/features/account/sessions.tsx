import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';

import type { OwnSession } from '@/api/types';
import { ProblemNote } from '@/components/problem-note';
import { sessionsQuery, useEndOtherSessions, useEndSession } from '@/features/account/api';
import { countOf, formatAgo, formatDate } from '@/lib/format';

function SessionRow({ session }: { session: OwnSession }) {
  const end = useEndSession();
  const name = session.agent ?? 'Unknown program';
  const facts = [
    session.address,
    session.is_current ? null : `used ${formatAgo(session.last_used_at)}`,
    `since ${formatDate(session.created_at)}`,
  ];
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py="xs">
      <div>
        <Group gap={8}>
          <Text fw={600} size="sm">
            {name}
          </Text>
          {session.is_current && (
            <Badge size="sm" variant="light">
              This one
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {facts.filter(Boolean).join(' · ')}
        </Text>
      </div>
      {!session.is_current && (
        <Button
          size="xs"
          variant="default"
          onClick={() => end.mutate(session.id)}
          loading={end.isPending}
          aria-label={`Sign out ${name}`}
        >
          Sign out
        </Button>
      )}
    </Group>
  );
}

export function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const endOthers = useEndOtherSessions();
  if (sessions.isError) return <ProblemNote error={sessions.error} onRetry={sessions.refetch} />;
  if (sessions.isPending) return <Skeleton h={44} />;
  const all = sessions.data.sessions;
  const signOutOthers = () =>
    endOthers.mutate(undefined, {
      onSuccess: ({ ended }) =>
        notifications.show({ color: 'sage', message: `${countOf(ended, 'session')} ended.` }),
    });
  return (
    <Stack align="stretch">
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
        {all.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </Stack>
      {all.length > 1 && (
        <Button
          variant="default"
          onClick={signOutOthers}
          loading={endOthers.isPending}
          style={{ alignSelf: 'flex-start' }}
        >
          Sign out everywhere else
        </Button>
      )}
    </Stack>
  );
}
