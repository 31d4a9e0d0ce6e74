import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCrown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { authConfigQuery } from '@/api/session';
import { TextLink } from '@/components/links';
import { ProblemNote } from '@/components/problem-note';
import { useSignUp } from '@/features/account/api';
import { AuthFrame } from '@/features/account/auth-frame';
import { PASSWORD_ADVICE, passwordFault, passwordProblem } from '@/features/account/password-rule';

export function SignUpPage() {
  const { next } = useSearch({ from: '/sign-up' });
  const navigate = useNavigate();
  const { data: config } = useQuery(authConfigQuery);
  const signUp = useSignUp();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { display_name: '', email: '', password: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'This is no e-mail address'),
      password: passwordProblem,
    },
  });
  const isFirst = config?.has_users === false;
  const isClosed = config !== undefined && !config.registration_open && !isFirst;

  const submit = form.onSubmit((values) =>
    signUp.mutate(
      {
        email: values.email.trim(),
        password: values.password,
        display_name: values.display_name.trim() || undefined,
      },
      {
        // Nothing is known of somebody new: unless they were on their way somewhere, they may say what they like.
        onSuccess: () => navigate({ href: next ?? '/style?first=true', replace: true }),
        onError: (error) => form.setFieldError('password', passwordFault(error)),
      },
    ),
  );

  return (
    <AuthFrame title={isFirst ? 'Set up FlashFit' : 'Create an account'}>
      {isClosed && (
        <Alert color="saffron" mb="md" title="Registration is closed">
          Ask the administrator of this server for an account.
        </Alert>
      )}
      {isFirst && (
        <Alert color="saffron" mb="md" icon={<IconCrown aria-hidden />} title="You are the first">
          The first account becomes the administrator of this server.
        </Alert>
      )}
      <form onSubmit={submit} noValidate>
        <Stack>
          {signUp.isError && !passwordFault(signUp.error) && (
            <ProblemNote error={signUp.error} title="This did not work" />
          )}
          <TextInput
            label="Name"
            description="How FlashFit calls you; optional"
            autoComplete="name"
            size="md"
            key={form.key('display_name')}
            {...form.getInputProps('display_name')}
          />
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
            description={PASSWORD_ADVICE}
            autoComplete="new-password"
            size="md"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={signUp.isPending} disabled={isClosed}>
            Create account
          </Button>
          {!isFirst && (
            <Text size="sm" c="dimmed">
              Already here?{' '}
              <TextLink to="/sign-in" search={{ next }} underline="always">
                Sign in
              </TextLink>
            </Text>
          )}
        </Stack>
      </form>
    </AuthFrame>
  );
}
