import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';

import { authConfigQuery } from '@/api/session';
import { TextLink } from '@/components/links';
import { ProblemNote } from '@/components/problem-note';
import { useSignIn } from '@/features/account/api';
import { AuthFrame } from '@/features/account/auth-frame';

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const { data: config } = useQuery(authConfigQuery);
  const signIn = useSignIn();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() ? null : 'Your e-mail address is missing'),
      password: (value) => (value ? null : 'Your password is missing'),
    },
  });

  if (config && !config.has_users) return <Navigate to="/sign-up" search={{ next }} replace />;

  const submit = form.onSubmit(({ email, password }) =>
    signIn.mutate(
      { email: email.trim(), password },
      {
        onSuccess: () => navigate({ href: next ?? '/wardrobe', replace: true }),
      },
    ),
  );

  return (
    <AuthFrame title="Welcome back">
      <form onSubmit={submit} noValidate>
        <Stack>
          {signIn.isError && <ProblemNote error={signIn.error} title="This did not work" />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            size="md"
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            size="md"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={signIn.isPending}>
            Sign in
          </Button>
          {config?.password_reset && (
            <Text size="sm">
              <TextLink to="/forgot" underline="always">
                Forgot your password?
              </TextLink>
            </Text>
          )}
          {config?.registration_open && (
            <Text size="sm" c="dimmed">
              New here?{' '}
              <TextLink to="/sign-up" search={{ next }} underline="always">
                Create an account
              </TextLink>
            </Text>
          )}
        </Stack>
      </form>
    </AuthFrame>
  );
}
