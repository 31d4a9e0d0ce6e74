import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPencil, IconRefresh, IconSparkles, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';

import type { Item } from '@/api/types';
import { ButtonLink } from '@/components/links';
import { useReprocess } from '@/features/wardrobe/api';
import { RenameDialog } from '@/features/wardrobe/rename-dialog';
import { useRemoval } from '@/features/wardrobe/use-removal';

export function ItemActions({ item }: { item: Item }) {
  const navigate = useNavigate();
  const reprocess = useReprocess();
  const { remove, isRemoving } = useRemoval();
  const [isRenaming, renaming] = useDisclosure(false);
  const isBusy = item.state === 'pending' || item.state === 'processing';
  return (
    <Group gap="sm">
      {item.state === 'ready' && item.slot && (
        <ButtonLink
          to="/wear"
          search={{ anchor: item.id }}
          leftSection={<IconSparkles size={18} aria-hidden />}
        >
          Wear this
        </ButtonLink>
      )}
      <Button
        variant="default"
        loading={isRemoving}
        leftSection={<IconTrash size={17} aria-hidden />}
        onClick={() => remove(item, () => void navigate({ to: '/wardrobe' }))}
      >
        Delete
      </Button>
      <Menu position="bottom-end" shadow="md" width={210}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={renaming.open}>
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRefresh size={16} aria-hidden />}
            disabled={isBusy || reprocess.isPending}
            onClick={() => reprocess.mutate(item.id)}
          >
            Recognise anew
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isRenaming && <RenameDialog item={item} isOpen onClose={renaming.close} />}
    </Group>
  );
}
