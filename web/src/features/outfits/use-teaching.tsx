import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

import type { Lesson, NewFeedback } from '@/api/types';
import { useFeedback, useUndoFeedback } from '@/features/outfits/api';

const UNDO_MS = 8_000;

/** Sends feedback, says what was learned from it, and offers to take it back. */
export function useTeaching() {
  const feedback = useFeedback();
  const undoing = useUndoFeedback();

  const announce = (event: Lesson) => {
    // One lesson at a time: the next takes the place of the last.
    const id = 'lesson';
    notifications.hide(id);
    notifications.show({
      id,
      autoClose: UNDO_MS,
      message: (
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">{event.sentence}</Text>
          <Button
            size="xs"
            variant="light"
            style={{ flexShrink: 0 }}
            onClick={() => {
              notifications.hide(id);
              undoing.mutate(event);
            }}
          >
            Undo
          </Button>
        </Group>
      ),
    });
  };

  const teach = (body: NewFeedback, onDone?: () => void) =>
    feedback.mutate(body, {
      onSuccess: ({ event }) => {
        announce(event);
        onDone?.();
      },
    });

  return {
    teach,
    takeBack: undoing.mutate,
    isBusy: feedback.isPending || undoing.isPending,
  };
}
