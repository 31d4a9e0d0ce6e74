import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';

import { ProblemNote } from '@/components/problem-note';
import { useChangePassword } from '@/features/account/api';
import { passwordFault, passwordProblem } from '@/features/account/password-rule';

export function PasswordForm() {
  const change = useChangePassword();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { current_password: '', new_password: '' },
    validate: {
      current_password: (value) => (value ? null : 'Your current password is missing'),
      new_password: passwordProblem,
    },
  });
  const submit = form.onSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        notifications.show({ color: 'sage', message: 'The password is changed.' });
      },
      onError: (error) => form.setFieldError('new_password', passwordFault(error)),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={360}>
        {change.isError && !passwordFault(change.error) && (
          <ProblemNote error={change.error} title="This did not work" />
        )}
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          key={form.key('current_password')}
          {...form.getInputProps('current_password')}
        />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          key={form.key('new_password')}
          {...form.getInputProps('new_password')}
        />
        <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
