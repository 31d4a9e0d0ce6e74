import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconClipboardList } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';

import { toProblem } from '@/api/problem';
import { meQuery } from '@/api/session';
import { EmptyState } from '@/components/empty-state';
import { LoadMore } from '@/components/load-more';
import { ProblemNote } from '@/components/problem-note';
import { auditLogQuery } from '@/features/operation/api';
import { isFiltered, isSame } from '@/features/operation/audit-draft';
import { AuditEntryRow } from '@/features/operation/audit-entry';
import { AuditFiltersForm } from '@/features/operation/audit-filters';
import { sentenceCase } from '@/lib/format';
import { type AuditFilters, isId } from '@/lib/operation-search';

import classes from './operation.module.css';

interface Props {
  filters: AuditFilters;
  onFilter: (filters: AuditFilters) => void;
}

function Waiting() {
  return (
    <Stack gap="sm" mt="md" aria-hidden>
      {[0, 1, 2, 3].map((index) => (
        <Skeleton key={index} h={76} radius="md" />
      ))}
    </Stack>
  );
}

function Nothing({ filters, onAll }: { filters: AuditFilters; onAll: () => void }) {
  if (!isFiltered(filters)) {
    return (
      <EmptyState
        icon={<IconClipboardList size={32} stroke={1.4} />}
        title="Nothing is written down yet"
      >
        When somebody signs in, changes a password or makes an account, it is written down here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<IconClipboardList size={32} stroke={1.4} />}
      title="Nothing like this"
      action={
        <Button variant="default" onClick={onAll}>
          Show everything
        </Button>
      }
    >
      Nothing was done that is as asked for, or it was so long ago that it is no longer kept.
    </EmptyState>
  );
}

function statusWords(count: number, isLoading: boolean, hasMore: boolean): string {
  if (isLoading) return 'Loading…';
  if (count === 0) return '';
  const entries = count === 1 ? '1 entry' : `${count} entries`;
  return `${entries}, newest first${hasMore ? '; there are more' : ''}.`;
}

/** What was done with everybody's accounts. */
export function AuditLog({ filters, onFilter }: Props) {
  const status = useRef<HTMLParagraphElement>(null);
  const { data: me } = useQuery(meQuery);
  const audit = useInfiniteQuery(auditLogQuery(filters));
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  // Nobody there by this address: said at the field.
  const refusal =
    audit.error && !audit.data && toProblem(audit.error).isNotFound
      ? sentenceCase(toProblem(audit.error).detail)
      : undefined;
  const email = filters.account && !isId(filters.account) ? filters.account : undefined;
  const ask = (wanted: AuditFilters) => {
    if (isSame(wanted, filters)) void audit.refetch();
    else onFilter(wanted);
  };
  /** What was pressed goes away with the list, and the focus would with it. */
  const leaveFor = (wanted: AuditFilters) => {
    status.current?.focus();
    ask(wanted);
  };
  return (
    <div className={classes.narrow}>
      <AuditFiltersForm
        filters={filters}
        refusal={refusal}
        onFilter={ask}
        onClear={() => leaveFor({})}
      />
      <Text
        ref={status}
        size="sm"
        c="dimmed"
        mt="md"
        mih="1.55em"
        role="status"
        tabIndex={-1}
        className={classes.status}
      >
        {statusWords(entries.length, audit.isFetching, audit.hasNextPage)}
      </Text>
      {audit.isPending && <Waiting />}
      {audit.isError && !audit.data && !refusal && (
        <ProblemNote
          error={audit.error}
          title="The audit log could not be loaded"
          onRetry={audit.refetch}
        />
      )}
      {audit.isSuccess && entries.length === 0 && (
        <Nothing filters={filters} onAll={() => leaveFor({})} />
      )}
      <ul className={classes.list} aria-label="Audit log">
        {entries.map((entry) => (
          <AuditEntryRow
            key={entry.id}
            entry={entry}
            names={{ me: me?.id, email }}
            onAccount={(account) => leaveFor({ ...filters, account })}
          />
        ))}
      </ul>
      {audit.isFetchNextPageError ? (
        <ProblemNote
          error={audit.error}
          title="No more could be loaded"
          onRetry={audit.fetchNextPage}
        />
      ) : (
        <LoadMore
          hasMore={audit.hasNextPage}
          isLoading={audit.isFetchingNextPage}
          onMore={audit.fetchNextPage}
        />
      )}
    </div>
  );
}
