import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';

import { ProblemNote } from '@/components/problem-note';
import { useDeleteAccount } from '@/features/account/api';

export function DeleteAccount() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [password, setPassword] = useState('');
  const deletion = useDeleteAccount();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    deletion.mutate(password);
  };
  return (
    <>
      <Button color="red" variant="outline" onClick={open}>
        Delete my account…
      </Button>
      <Modal opened={isOpen} onClose={close} title="Delete the account and everything in it?">
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">To be sure that it is you, please enter your password.</Text>
            {deletion.isError && (
              <ProblemNote error={deletion.error} title="The account is not deleted" />
            )}
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              data-autofocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Keep it
              </Button>
              <Button type="submit" color="red" disabled={!password} loading={deletion.isPending}>
                Delete everything
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
