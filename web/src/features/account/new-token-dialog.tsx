import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import type { Scope } from '@/api/types';
import { ProblemNote } from '@/components/problem-note';
import { useCreateToken } from '@/features/account/api';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onCreated: (secret: string) => void;
}

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: 'never', label: 'Until revoked' },
];

export function NewTokenDialog({ isOpen, onClose, onCreated }: Props) {
  const create = useCreateToken();
  const form = useForm({
    initialValues: { name: '', scopes: ['read'] as Scope[], days: '90' },
    validate: {
      name: (value) => (value.trim() ? null : 'A name helps you to recognise it later'),
      scopes: (value) => (value.length > 0 ? null : 'Choose at least one'),
    },
  });
  const submit = form.onSubmit(({ name, scopes, days }) =>
    create.mutate(
      {
        name: name.trim(),
        scopes,
        expires_in_days: days === 'never' ? undefined : Number(days),
      },
      {
        onSuccess: (created) => {
          onCreated(created.token);
          form.reset();
          onClose();
        },
      },
    ),
  );
  return (
    <Modal opened={isOpen} onClose={onClose} title="New API token">
      <form onSubmit={submit} noValidate>
        <Stack>
          {create.isError && <ProblemNote error={create.error} title="This did not work" />}
          <TextInput
            label="Name"
            placeholder="Home automation"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Checkbox.Group label="May" {...form.getInputProps('scopes')}>
            <Group mt={6}>
              <Checkbox value="read" label="Read" />
              <Checkbox value="write" label="Write" />
            </Group>
          </Checkbox.Group>
          <Select
            label="Valid for"
            data={LIFETIMES}
            allowDeselect={false}
            {...form.getInputProps('days')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
