import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useLocation, useNavigate } from '@tanstack/react-router';

import { ButtonLink } from '@/components/links';
import { ProblemNote } from '@/components/problem-note';
import { useResetPassword } from '@/features/account/api';
import { AuthFrame } from '@/features/account/auth-frame';
import { PASSWORD_ADVICE, passwordFault, passwordProblem } from '@/features/account/password-rule';

/** The secret stands behind the `#`, so that no server and no log sees it. */
export const tokenOf = (hash: string): string | null =>
  new URLSearchParams(hash.replace(/^#/, '')).get('token');

export function ResetPage() {
  const token = tokenOf(useLocation().hash);
  const navigate = useNavigate();
  const reset = useResetPassword();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: passwordProblem },
  });
  if (!token) {
    return (
      <AuthFrame title="A new password">
        <Alert color="saffron" mb="md" title="This link is not complete">
          Open it from the mail once more, or ask for another one.
        </Alert>
        <ButtonLink to="/forgot" variant="default">
          Ask for another link
        </ButtonLink>
      </AuthFrame>
    );
  }
  const submit = form.onSubmit(({ password }) =>
    reset.mutate(
      { token, password },
      {
        onSuccess: () => {
          notifications.show({ color: 'sage', message: 'The password is changed: sign in with it.' });
          void navigate({ to: '/sign-in', replace: true });
        },
        onError: (error) => form.setFieldError('password', passwordFault(error)),
      },
    ),
  );
  const isRefused = reset.isError && !passwordFault(reset.error);
  return (
    <AuthFrame title="A new password">
      <form onSubmit={submit} noValidate>
        <Stack>
          {isRefused && <ProblemNote error={reset.error} title="This did not work" />}
          <PasswordInput
            label="New password"
            description={PASSWORD_ADVICE}
            autoComplete="new-password"
            size="md"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={reset.isPending}>
            Change password
          </Button>
          {isRefused && (
            <ButtonLink to="/forgot" variant="default">
              Ask for another link
            </ButtonLink>
          )}
        </Stack>
      </form>
    </AuthFrame>
  );
}
