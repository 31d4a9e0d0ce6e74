import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';

import type { AuditAction, AuditEntry } from '@/api/types';
import { ProblemNote } from '@/components/problem-note';
import { auditQuery } from '@/features/account/api';
import { formatAgo } from '@/lib/format';

const WORDS: Record<AuditAction, string> = {
  'sign-up': 'The account was made',
  'sign-in': 'Signed in',
  'sign-in-failed': 'Somebody tried a wrong password',
  'sign-out': 'Signed out',
  'session-ended': 'A session was ended',
  'other-sessions-ended': 'All other sessions were ended',
  'password-changed': 'The password was changed',
  'password-reset-asked': 'A link to a new password was asked for',
  'password-reset': 'The password was replaced by mail',
  'password-set': 'The administrator replaced the password',
  'token-made': 'An API token was made',
  'token-revoked': 'An API token was revoked',
  'account-made': 'The administrator made the account',
  'account-exported': 'Everything was taken along',
  'account-deleted': 'The account was deleted',
  'role-changed': 'The role was changed',
};

/** What was done, and to what where that has a name. */
function sentence({ action, details }: AuditEntry): string {
  const { name, role } = details as { name?: string; role?: string };
  if (name) return `${WORDS[action]}: ${name}`;
  if (action === 'role-changed' && role) return `${WORDS[action]} to ${role}`;
  return WORDS[action];
}

function Entry({ entry }: { entry: AuditEntry }) {
  const facts = [formatAgo(entry.at), entry.agent, entry.address].filter(Boolean);
  return (
    <li>
      <Text size="sm">{sentence(entry)}</Text>
      <Text size="xs" c="dimmed">
        {facts.join(' · ')}
      </Text>
    </li>
  );
}

export function Activity() {
  const audit = useInfiniteQuery(auditQuery);
  if (audit.isError) return <ProblemNote error={audit.error} onRetry={audit.refetch} />;
  if (audit.isPending) return <Skeleton h={44} />;
  return (
    <>
      <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
        {audit.data.pages
          .flatMap((page) => page.items)
          .map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
      </Stack>
      {audit.hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={audit.isFetchingNextPage}
          onClick={() => void audit.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
