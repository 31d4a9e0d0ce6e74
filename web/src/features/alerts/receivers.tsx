import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconBellRinging, IconMail, IconSend, IconWebhook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import type { Receiver } from '@/api/operator-types';
import { toProblem } from '@/api/problem';
import { EmptyState } from '@/components/empty-state';
import { ProblemNote } from '@/components/problem-note';
import { receiversQuery, useTestReceiver } from '@/features/alerts/api';
import { countOf, formatAgo, sentenceCase } from '@/lib/format';

import classes from './alerts.module.css';

const KINDS: Record<Receiver['kind'], { icon: typeof IconMail; word: string }> = {
  smtp: { icon: IconMail, word: 'E-mail' },
  webhook: { icon: IconWebhook, word: 'Webhook' },
  alertmanager: { icon: IconBellRinging, word: 'Alertmanager' },
};

function stateWords({ is_up, last_attempt_at }: Receiver): string {
  if (is_up === undefined || is_up === null) return 'Not tried yet';
  const when = last_attempt_at ? `, last tried ${formatAgo(last_attempt_at)}` : '';
  return `${is_up ? 'Works' : 'Does not work'}${when}`;
}

function ReceiverRow({ receiver }: { receiver: Receiver }) {
  const test = useTestReceiver();
  const { icon: Icon, word } = KINDS[receiver.kind] ?? { icon: IconSend, word: receiver.kind };
  const isDown = receiver.is_up === false;
  return (
    <li className={classes.receiver} data-testid="receiver">
      <span
        className={classes.eventIcon}
        data-state={isDown ? 'down' : receiver.is_up ? 'resolved' : 'unknown'}
        aria-hidden
      >
        <Icon size={19} stroke={1.6} />
      </span>
      <div className={classes.words}>
        <Title order={3} className={classes.name}>
          {receiver.name}
        </Title>
        <Text size="sm" c="dimmed" className={classes.place}>
          {word} · {receiver.place}
        </Text>
        <Text size="sm" c={isDown ? 'var(--mantine-color-error)' : undefined}>
          {stateWords(receiver)}
          {receiver.queued > 0 && ` · ${countOf(receiver.queued, 'message')} waiting`}
        </Text>
        {isDown && receiver.last_error && (
          <Text size="sm" className={classes.place}>
            {sentenceCase(receiver.last_error)}
          </Text>
        )}
        <div role="status">
          {test.isSuccess && (
            <Text
              size="sm"
              c="light-dark(var(--mantine-color-sage-7), var(--mantine-color-sage-3))"
            >
              The test message has been sent: look whether it arrived.
            </Text>
          )}
          {test.isError && (
            <Text size="sm" c="var(--mantine-color-error)" className={classes.place}>
              The test failed: {toProblem(test.error).detail}
            </Text>
          )}
        </div>
      </div>
      <Button
        size="xs"
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate(receiver.name)}
        aria-label={`Send a test message to ${receiver.name}`}
      >
        Test
      </Button>
    </li>
  );
}

/** Whom FlashFit tells, and whether it can. */
export function Receivers() {
  const receivers = useQuery(receiversQuery);
  if (receivers.isPending) {
    return (
      <Stack gap="sm" aria-hidden>
        <Skeleton h={84} radius="md" />
        <Skeleton h={84} radius="md" />
      </Stack>
    );
  }
  if (!receivers.data) {
    return (
      <ProblemNote
        error={receivers.error}
        title="The receivers could not be loaded"
        onRetry={receivers.refetch}
      />
    );
  }
  if (receivers.data.length === 0) {
    return (
      <EmptyState icon={<IconMail size={32} stroke={1.4} />} title="Nobody is told yet">
        Name an e-mail server, a webhook or an Alertmanager in the settings of the server, so that
        somebody hears of an alert.
      </EmptyState>
    );
  }
  return (
    <div className={classes.narrow}>
      <Group mb="xs">
        <Text size="sm" c="dimmed">
          A message that cannot be delivered waits, and is tried again.
        </Text>
      </Group>
      <ul className={classes.list} aria-label="Receivers">
        {receivers.data.map((receiver) => (
          <ReceiverRow key={receiver.name} receiver={receiver} />
        ))}
      </ul>
    </div>
  );
}
