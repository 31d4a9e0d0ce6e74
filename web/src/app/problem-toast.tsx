import { Code, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';

import type { Problem } from '@/api/problem';
import { sentenceCase } from '@/lib/format';

/** Tells of a failure that no component shows. The same failure twice is one toast. */
export function showProblem(problem: Problem) {
  const id = `${problem.type} ${problem.detail}`;
  notifications.hide(id);
  notifications.show({
    id,
    color: 'red',
    icon: <IconAlertTriangle size={18} aria-hidden />,
    title: problem.title,
    autoClose: 9000,
    role: 'alert',
    message: (
      <>
        {problem.detail !== problem.title && <Text size="sm">{sentenceCase(problem.detail)}</Text>}
        {problem.isTransient && problem.requestId && (
          <Text size="xs" c="dimmed" mt={2}>
            Request <Code>{problem.requestId}</Code>
          </Text>
        )}
      </>
    ),
  });
}
