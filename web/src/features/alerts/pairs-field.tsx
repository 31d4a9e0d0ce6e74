import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';

import type { Pair } from '@/features/alerts/rule-draft';

interface Props {
  label: string;
  noun: string;
  pairs: Pair[];
  onChange: (pairs: Pair[]) => void;
}

/** Names with values, as many as one likes. */
export function PairsField({ label, noun, pairs, onChange }: Props) {
  const change = (at: number, part: Partial<Pair>) =>
    onChange(pairs.map((pair, place) => (place === at ? { ...pair, ...part } : pair)));
  return (
    <div role="group" aria-label={label}>
      {pairs.length > 0 && (
        <Text size="sm" fw={500} mb={4}>
          {label}
        </Text>
      )}
      <Stack gap={8}>
        {pairs.map((pair, at) => (
          <Group key={at} gap={8} wrap="nowrap">
            <TextInput
              aria-label={`Name of ${noun} ${at + 1}`}
              placeholder="name"
              value={pair.name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
              style={{ flex: 1 }}
            />
            <TextInput
              aria-label={`Value of ${noun} ${at + 1}`}
              placeholder="value"
              value={pair.value}
              onChange={(event) => change(at, { value: event.currentTarget.value })}
              style={{ flex: 2 }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove ${noun} ${at + 1}`}
              onClick={() => onChange(pairs.filter((_, place) => place !== at))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...pairs, { name: '', value: '' }])}
          style={{ alignSelf: 'flex-start' }}
        >
          {pairs.length === 0 ? `Add ${noun}s` : `Another ${noun}`}
        </Button>
      </Stack>
    </div>
  );
}
