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

type Audit = ReturnType<typeof useAudit>;

/** What was found; an address that nobody has is a refusal, which is said at its field. */
function useAudit(filters: AuditFilters) {
  const audit = useInfiniteQuery(auditLogQuery(filters));
  const problem = audit.error && !audit.data ? toProblem(audit.error) : undefined;
  return {
    ...audit,
    entries: audit.data?.pages.flatMap((page) => page.items) ?? [],
    refusal: problem?.isNotFound ? sentenceCase(problem.detail) : undefined,
  };
}

function Found({ audit, filters, onFilter }: Props & { audit: Audit }) {
  const { data: me } = useQuery(meQuery);
  if (audit.refusal) return null;
  if (audit.isPending) return <Waiting />;
  if (!audit.data) {
    return (
      <ProblemNote
        error={audit.error}
        title="The audit log could not be loaded"
        onRetry={audit.refetch}
      />
    );
  }
  if (audit.entries.length === 0) return <Nothing filters={filters} onAll={() => onFilter({})} />;
  const email = filters.account && !isId(filters.account) ? filters.account : undefined;
  return (
    <>
      <ul className={classes.list} aria-label="Audit log">
        {audit.entries.map((entry) => (
          <AuditEntryRow
            key={entry.id}
            entry={entry}
            names={{ me: me?.id, email }}
            onAccount={(account) => onFilter({ ...filters, account })}
          />
        ))}
      </ul>
      <LoadMore list={audit} />
    </>
  );
}

/** What was done with everybody's accounts. */
export function AuditLog({ filters, onFilter }: Props) {
  const status = useRef<HTMLParagraphElement>(null);
  const audit = useAudit(filters);
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
        refusal={audit.refusal}
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
        {statusWords(audit.entries.length, audit.isFetching, audit.hasNextPage)}
      </Text>
      <Found audit={audit} filters={filters} onFilter={leaveFor} />
    </div>
  );
}
