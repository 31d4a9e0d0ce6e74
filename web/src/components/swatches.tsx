import { Box, Group, Stack, Text, VisuallyHidden } from '@mantine/core';

import type { Colour } from '@/api/types';
import { formatProbability, wordLabel } from '@/lib/format';

const edge = 'inset 0 0 0 1px rgb(42 20 30 / 22%)';

/** The main colours as dots. */
export function Swatches({ colours, limit = 3 }: { colours: Colour[]; limit?: number }) {
  const shown = colours.slice(0, limit);
  if (shown.length === 0) return null;
  return (
    <Group component="span" gap={3} wrap="nowrap" style={{ flexShrink: 0 }}>
      <VisuallyHidden>{shown.map((colour) => wordLabel(colour.name)).join(', ')}</VisuallyHidden>
      {shown.map((colour) => (
        <Box
          component="span"
          key={colour.name}
          w={11}
          h={11}
          bdrs={99}
          display="block"
          bg={colour.hex}
          style={{ boxShadow: edge }}
          aria-hidden
        />
      ))}
    </Group>
  );
}

/** Every colour with its share: a ribbon, and the words below it. */
export function ColourShares({ colours }: { colours: Colour[] }) {
  const total = colours.reduce((sum, colour) => sum + colour.share, 0) || 1;
  return (
    <Stack gap="sm">
      <Group
        gap={0}
        h={30}
        wrap="nowrap"
        bdrs="md"
        style={{ overflow: 'hidden', boxShadow: edge }}
        aria-hidden
      >
        {colours.map((colour) => (
          <Box key={colour.name} h="100%" bg={colour.hex} style={{ flex: colour.share / total }} />
        ))}
      </Group>
      <Group component="ul" gap="lg" m={0} p={0} style={{ listStyle: 'none' }}>
        {colours.map((colour) => (
          <Group component="li" key={colour.name} gap={7} wrap="nowrap">
            <Box w={14} h={14} bdrs={99} bg={colour.hex} style={{ boxShadow: edge }} aria-hidden />
            <Text size="sm">
              {wordLabel(colour.name)}{' '}
              <Text span c="dimmed">
                {formatProbability(colour.share)}
              </Text>
            </Text>
          </Group>
        ))}
      </Group>
    </Stack>
  );
}
