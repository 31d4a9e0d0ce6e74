import { Button, Container, Stack } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';

import { PageHeader } from '@/components/page-header';
import { ProblemNote } from '@/components/problem-note';

/** What stands in place of a page that broke. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Container component="main" size="sm" py="xl">
      <PageHeader title="This did not go as planned" />
      <Stack align="flex-start">
        <ProblemNote error={error} />
        <Button onClick={retry}>Try again</Button>
      </Stack>
    </Container>
  );
}
