import { Box, Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, lead, actions }: Props) {
  useDocumentTitle(`${title} · FlashFit`);
  return (
    <Group component="header" justify="space-between" align="flex-end" gap="md" mb="lg">
      <Box style={{ flex: '1 1 200px' }} maw={640}>
        {/* Focused by the layout after a change of page, so that a screen reader hears where it is. */}
        <Title order={1} tabIndex={-1} style={{ outline: 'none' }}>
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" mt={6}>
            {lead}
          </Text>
        )}
      </Box>
      {actions && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}
