import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

import type { Item } from '@/api/types';
import { useDeleteItem, useRestoreItem } from '@/features/wardrobe/api';
import { sentenceCase } from '@/lib/format';

const UNDO_MS = 10_000;

/** Deletes a garment at once and offers it back: no question before, an undo after. */
export function useRemoval() {
  const deletion = useDeleteItem();
  const restoring = useRestoreItem();

  const remove = (item: Item, onGone?: () => void) =>
    deletion.mutate(item.id, {
      onSuccess: () => {
        onGone?.();
        const id = `deleted-${item.id}`;
        const undo = () => {
          notifications.hide(id);
          restoring.mutate(item.id, {
            onSuccess: () =>
              notifications.show({
                color: 'sage',
                message: `“${sentenceCase(item.name)}” is back.`,
              }),
          });
        };
        notifications.show({
          id,
          autoClose: UNDO_MS,
          withCloseButton: true,
          message: (
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <Text size="sm" lineClamp={2}>
                “{sentenceCase(item.name)}” is deleted.
              </Text>
              <Button size="xs" variant="light" onClick={undo} style={{ flexShrink: 0 }}>
                Undo
              </Button>
            </Group>
          ),
        });
      },
    });

  return { remove, isRemoving: deletion.isPending };
}
