import { Container } from '@mantine/core';
import { IconHangerOff } from '@tabler/icons-react';

import { EmptyState } from '@/components/empty-state';
import { ButtonLink } from '@/components/links';

export function NotFoundPage() {
  return (
    <Container component="main" size="sm" py="xl">
      <EmptyState
        icon={<IconHangerOff size={34} stroke={1.4} />}
        title="Nothing hangs here"
        action={<ButtonLink to="/wardrobe">To the wardrobe</ButtonLink>}
      >
        There is no such page. Perhaps the link is old, or a letter of it got lost.
      </EmptyState>
    </Container>
  );
}
