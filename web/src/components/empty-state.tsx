import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './empty-state.module.css';

interface Props {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** A place with nothing in it yet says what belongs there and how it gets there. */
export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <Stack className={classes.empty} align="center" gap="sm">
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <Title order={2} ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw={440} component="div">
        {children}
      </Text>
      {action && <div className={classes.action}>{action}</div>}
    </Stack>
  );
}
