import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

import { toProblem } from '@/api/problem';
import { sentenceCase } from '@/lib/format';

interface Props {
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

/** What went wrong in place of what could not be shown, with the id an operator can search for. */
export function ProblemNote({ error, title, onRetry }: Props) {
  const problem = toProblem(error);
  // A refusal explains itself; only a failure is worth an operator's search.
  const requestId = problem.isTransient ? problem.requestId : undefined;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? problem.title}
    >
      <Text size="sm">{sentenceCase(problem.detail)}</Text>
      <Group gap="sm" mt={onRetry || requestId ? 'sm' : 0}>
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        {requestId && (
          <Text size="xs" c="dimmed">
            Request <Code>{requestId}</Code>
          </Text>
        )}
      </Group>
    </Alert>
  );
}
