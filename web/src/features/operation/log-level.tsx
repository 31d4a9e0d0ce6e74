import { Button, Code, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useRef } from 'react';

import type { LogLevel } from '@/api/operator-types';
import { ProblemNote } from '@/components/problem-note';
import { logLevelQuery, useResetLogLevel } from '@/features/operation/api';
import { LogLevelForm } from '@/features/operation/log-level-form';
import { isChanged, stateWords } from '@/features/operation/log-level-words';

import classes from './operation.module.css';

/** Where it does not fit on a line, it is broken between directives. */
function Directives({ text }: { text: string }) {
  return (
    <Code block className={classes.level}>
      {text.split(',').map((directive, at) => (
        <Fragment key={at}>
          {at > 0 && ','}
          {at > 0 && <wbr />}
          {directive}
        </Fragment>
      ))}
    </Code>
  );
}

function InForce({ level }: { level: LogLevel }) {
  const reset = useResetLogLevel();
  const status = useRef<HTMLDivElement>(null);
  /** The button goes away, and the focus would with it. */
  const goBack = () => reset.mutate(undefined, { onSuccess: () => status.current?.focus() });
  return (
    <Paper component="section" withBorder className={classes.card} aria-labelledby="in-force">
      <Title order={2} id="in-force" className={classes.title}>
        In force
      </Title>
      <div ref={status} role="status" tabIndex={-1} className={classes.status}>
        <div data-testid="level">
          <Directives text={level.level} />
        </div>
        <Text size="sm">{stateWords(level)}</Text>
      </div>
      {isChanged(level) && (
        <>
          <Text size="sm" c="dimmed" mt="sm">
            Configured:
          </Text>
          <Directives text={level.configured} />
          <Button variant="default" size="xs" loading={reset.isPending} onClick={goBack}>
            Reset
          </Button>
        </>
      )}
    </Paper>
  );
}

/** What is logged now, and for a while. */
export function LogLevelPanel() {
  const level = useQuery(logLevelQuery);
  if (level.isPending) return <Skeleton h={168} radius="lg" aria-label="Loading" />;
  if (!level.data) {
    return (
      <ProblemNote
        error={level.error}
        title="What is logged could not be read"
        onRetry={level.refetch}
      />
    );
  }
  return (
    <Stack gap="lg" className={classes.narrow}>
      <InForce level={level.data} />
      <LogLevelForm current={level.data} />
    </Stack>
  );
}
