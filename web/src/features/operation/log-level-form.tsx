import { Button, Group, NativeSelect, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';

import type { LogLevel } from '@/api/operator-types';
import { ProblemNote } from '@/components/problem-note';
import { useChangeLogLevel } from '@/features/operation/api';
import { filterRefusal, LENGTHS, suggestions } from '@/features/operation/log-level-words';

import classes from './operation.module.css';

const AN_HOUR = '3600';

interface FieldProps {
  level: string;
  configured: string;
  refusal?: string;
  onChange: (level: string) => void;
}

/** A filter is one line, however many lines of the field it takes. */
function submitByEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

function LevelField({ level, configured, refusal, onChange }: FieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  // Once what is wrong is shown.
  useEffect(() => {
    if (refusal) field.current?.focus();
  }, [refusal]);
  return (
    <>
      <Textarea
        ref={field}
        label="Level or filter"
        description="trace, debug, info, warn, error or off, also by module: info,flashfit::features=debug"
        autosize
        autoCapitalize="off"
        autoCorrect="off"
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: classes.directives }}
        value={level}
        error={refusal}
        errorProps={{ role: 'alert' }}
        onChange={(event) => onChange(event.currentTarget.value.replaceAll('\n', ''))}
        onKeyDown={submitByEnter}
      />
      <Group gap="xs" role="group" aria-label="Suggestions">
        {suggestions(configured).map(({ name, level }) => (
          <Button key={name} size="xs" variant="default" onClick={() => onChange(level)}>
            {name}
          </Button>
        ))}
      </Group>
    </>
  );
}

function useLogLevelForm(current: LogLevel) {
  const change = useChangeLogLevel();
  /** What was typed; until then the field shows what is in force. */
  const [typed, setTyped] = useState<string>();
  const [seconds, setSeconds] = useState(AN_HOUR);
  const level = typed ?? current.level;
  const type = (text: string) => {
    setTyped(text);
    change.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      setTyped(undefined);
      notifications.show({ color: 'sage', message: 'What is logged is changed.' });
    };
    const for_seconds = seconds === '' ? undefined : Number(seconds);
    change.mutate({ level: level.trim(), for_seconds }, { onSuccess });
  };
  return { change, level, type, seconds, setSeconds, submit };
}

export function LogLevelForm({ current }: { current: LogLevel }) {
  const { change, level, type, seconds, setSeconds, submit } = useLogLevelForm(current);
  const refusal = filterRefusal(change.error);
  return (
    <Paper component="section" withBorder className={classes.card} aria-labelledby="log-more">
      <Title order={2} id="log-more" className={classes.title}>
        Log more or less
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        At once, on the instance {current.instance} alone; forgotten when it starts again.
      </Text>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {change.isError && !refusal && (
            <ProblemNote error={change.error} title="This did not work" />
          )}
          <LevelField
            level={level}
            configured={current.configured}
            refusal={refusal}
            onChange={type}
          />
          <NativeSelect
            label="For"
            data={LENGTHS}
            value={seconds}
            maw={240}
            onChange={(event) => setSeconds(event.currentTarget.value)}
          />
          <Button type="submit" loading={change.isPending} className={classes.submit}>
            Change
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
