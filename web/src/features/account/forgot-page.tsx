import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';

import { authConfigQuery } from '@/api/session';
import { TextLink } from '@/components/links';
import { ProblemNote } from '@/components/problem-note';
import { useForgotPassword } from '@/features/account/api';
import { AuthFrame } from '@/features/account/auth-frame';

export function ForgotPage() {
  const { data: config } = useQuery(authConfigQuery);
  const forgot = useForgotPassword();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'This is no e-mail address'),
    },
  });
  const submit = form.onSubmit(({ email }) => forgot.mutate(email.trim()));
  return (
    <AuthFrame title="A new password">
      {config?.password_reset === false ? (
        <Alert color="saffron" mb="md" title="This server sends no mail">
          Ask its administrator for a new password.
        </Alert>
      ) : forgot.isSuccess ? (
        <Alert color="sage" mb="md" role="status" title="Look into your mail">
          If there is an account with this address, a link is on its way to it. It works once, for
          30 minutes; look among unwanted mail, too.
        </Alert>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            <Text size="sm" c="dimmed">
              We send a link to the address of your account, with which you choose another password.
            </Text>
            {forgot.isError && <ProblemNote error={forgot.error} title="This did not work" />}
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              size="md"
              key={form.key('email')}
              {...form.getInputProps('email')}
            />
            <Button type="submit" size="md" loading={forgot.isPending}>
              Send the link
            </Button>
          </Stack>
        </form>
      )}
      <Text size="sm" c="dimmed" mt="md">
        <TextLink to="/sign-in" underline="always">
          Back to signing in
        </TextLink>
      </Text>
    </AuthFrame>
  );
}
