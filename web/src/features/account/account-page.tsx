import { Anchor, Badge, Box, Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { meQuery } from '@/api/session';
import { PageHeader } from '@/components/page-header';
import { Activity } from '@/features/account/activity';
import { DeleteAccount } from '@/features/account/delete-account';
import { PasswordForm } from '@/features/account/password-form';
import { Sessions } from '@/features/account/sessions';
import { Tokens } from '@/features/account/tokens';
import { formatDate } from '@/lib/format';

function Section({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <Paper component="section" p={{ base: 'md', sm: 'lg' }} radius="lg" withBorder>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" size="sm" mb="md" mt={4}>
        {lead}
      </Text>
      {children}
    </Paper>
  );
}

export function AccountPage() {
  const { data: user } = useQuery(meQuery);
  return (
    <Box maw={720}>
      <PageHeader
        title="Account"
        lead={
          user && (
            <>
              {user.email} · since {formatDate(user.created_at)}{' '}
              {user.role === 'admin' && (
                <Badge variant="light" ms={6}>
                  Administrator
                </Badge>
              )}
            </>
          )
        }
      />
      <Stack gap="lg">
        <Section title="Password" lead="Other devices are signed out when it changes.">
          <PasswordForm />
        </Section>
        <Section
          title="Where you are signed in"
          lead="Sign out what you have lost, or do not know."
        >
          <Sessions />
        </Section>
        <Section
          title="API tokens"
          lead="For scripts of your own. A token is shown once and can be revoked at any time."
        >
          <Tokens />
        </Section>
        <Section
          title="Recent activity"
          lead="Who came in from where, and what changed. If you do not know something here, change your password."
        >
          <Activity />
        </Section>
        <Section
          title="Take everything with you"
          lead="One file with your photos and everything that FlashFit knows of your garments, your outfits and you."
        >
          <Button component="a" href="/api/account/export" download variant="default">
            Download my data
          </Button>
        </Section>
        <Section
          title="Delete the account"
          lead="Your photos, garments, outfits and everything learned from you are deleted. This cannot be undone."
        >
          <DeleteAccount />
        </Section>
      </Stack>
      <Text c="dimmed" size="sm" mt="lg">
        FlashFit is free software, as is everything in it:{' '}
        <Anchor href="/app/licences.txt" inherit>
          licences
        </Anchor>
      </Text>
    </Box>
  );
}
