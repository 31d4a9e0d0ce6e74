import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';

import type { AuditEntry } from '@/api/types';
import { auditSentence } from '@/components/audit-words';
import { ProblemNote } from '@/components/problem-note';
import { auditQuery } from '@/features/account/api';
import { formatAgo } from '@/lib/format';

function Entry({ entry }: { entry: AuditEntry }) {
  const facts = [formatAgo(entry.at), entry.agent, entry.address].filter(Boolean);
  return (
    <li>
      <Text size="sm">{auditSentence(entry)}</Text>
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
