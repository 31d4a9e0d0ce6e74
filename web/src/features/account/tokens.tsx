import {
  Alert,
  Badge,
  Button,
  Code,
  CopyButton,
  Group,
  Skeleton,
  Stack,
  Text,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Token } from '@/api/types';
import { ProblemNote } from '@/components/problem-note';
import { tokensQuery, useRevokeToken } from '@/features/account/api';
import { NewTokenDialog } from '@/features/account/new-token-dialog';
import { formatAgo, formatDate } from '@/lib/format';

function TokenRow({ token }: { token: Token }) {
  const revoke = useRevokeToken();
  const ask = () =>
    modals.openConfirmModal({
      title: `Revoke “${token.name}”?`,
      children: <Text size="sm">Whatever uses this token stops working at once.</Text>,
      labels: { confirm: 'Revoke', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: () => revoke.mutate(token.id),
    });
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py="xs">
      <div>
        <Group gap={8}>
          <Text fw={600} size="sm">
            {token.name}
          </Text>
          {token.scopes.map((scope) => (
            <Badge key={scope} size="sm" variant="light">
              {scope}
            </Badge>
          ))}
        </Group>
        <Text size="xs" c="dimmed">
          {token.last_used_at ? `Used ${formatAgo(token.last_used_at)}` : 'Never used'}
          {token.expires_at ? ` · until ${formatDate(token.expires_at)}` : ' · never expires'}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        onClick={ask}
        loading={revoke.isPending}
        aria-label={`Revoke ${token.name}`}
      >
        Revoke
      </Button>
    </Group>
  );
}

export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const [isOpen, { open, close }] = useDisclosure(false);
  const [secret, setSecret] = useState<string | null>(null);
  if (tokens.isError) return <ProblemNote error={tokens.error} onRetry={tokens.refetch} />;
  return (
    <Stack align="stretch">
      {secret && (
        <Alert
          color="sage"
          title="Your new token: copy it now, it is not shown again"
          withCloseButton
          closeButtonLabel="Hide the token"
          onClose={() => setSecret(null)}
        >
          <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {secret}
          </Code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button size="xs" mt="xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </Alert>
      )}
      {tokens.isPending ? (
        <Skeleton h={44} />
      ) : (
        <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
          {tokens.data.tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </Stack>
      )}
      <Button variant="default" onClick={open} style={{ alignSelf: 'flex-start' }}>
        New token…
      </Button>
      <NewTokenDialog isOpen={isOpen} onClose={close} onCreated={setSecret} />
    </Stack>
  );
}
