import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { toProblem } from '@/api/problem';
import type { Item } from '@/api/types';
import { useChangeItem } from '@/features/wardrobe/api';
import { sentenceCase } from '@/lib/format';

interface Props {
  item: Item;
  isOpen: boolean;
  onClose: () => void;
}

export function RenameDialog({ item, isOpen, onClose }: Props) {
  const [name, setName] = useState(item.name);
  const change = useChangeItem(item.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ name: name.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Rename">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            data-autofocus
            maxLength={120}
            value={name}
            error={change.isError ? sentenceCase(toProblem(change.error).detail) : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!name.trim()} loading={change.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
