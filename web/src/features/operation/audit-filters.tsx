import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';

import { AUDIT_WORDS } from '@/components/audit-words';
import {
  type AuditDraft,
  type AuditProblems,
  draftOf,
  filtersOf,
  isFiltered,
  isSame,
  problemsOf,
} from '@/features/operation/audit-draft';
import { AUDIT_ACTIONS, type AuditFilters } from '@/lib/operation-search';

import classes from './operation.module.css';

interface Props {
  filters: AuditFilters;
  /** What the server says of the account that was asked for. */
  refusal?: string;
  onFilter: (filters: AuditFilters) => void;
  onClear: () => void;
}

const ACTIONS = [
  { value: '', label: 'Everything' },
  ...AUDIT_ACTIONS.map((value) => ({ value, label: AUDIT_WORDS[value] })),
];

interface FieldsProps {
  draft: AuditDraft;
  problems: AuditProblems;
  change: (part: Partial<AuditDraft>) => void;
}

function FirstFields({ draft, problems, change }: FieldsProps) {
  return (
    <div className={classes.filters}>
      <TextInput
        label="Account"
        description="E-mail address, or id"
        inputMode="email"
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        value={draft.account}
        error={problems.account}
        onChange={(event) => change({ account: event.currentTarget.value })}
      />
      <NativeSelect
        label="What was done"
        description="One kind, or everything"
        data={ACTIONS}
        value={draft.action}
        onChange={(event) => change({ action: event.currentTarget.value })}
      />
    </div>
  );
}

function MoreFields({ draft, problems, change }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Done by"
        description="The id of an account"
        autoCapitalize="off"
        spellCheck={false}
        value={draft.by}
        error={problems.by}
        onChange={(event) => change({ by: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label="From"
        description="Your local time"
        value={draft.from}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        description="Your local time"
        value={draft.until}
        error={problems.until}
        onChange={(event) => change({ until: event.currentTarget.value })}
      />
    </>
  );
}

/** The draft, begun anew when other filters come from elsewhere: a link, or an entry that was pressed. */
function useDraft(filters: AuditFilters) {
  const [applied, setApplied] = useState(filters);
  const [draft, setDraft] = useState(() => draftOf(filters));
  if (!isSame(applied, filters)) {
    setApplied(filters);
    setDraft(draftOf(filters));
  }
  return [draft, setDraft] as const;
}

/** What is wrong with the draft, and what the server said of the account while that is still the same. */
function useProblems({ filters, refusal }: Props, draft: AuditDraft) {
  const form = useRef<HTMLFormElement>(null);
  const [own, setOwn] = useState<AuditProblems>({});
  // Once what is wrong is shown.
  useEffect(() => {
    if (refusal || Object.keys(own).length > 0) {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [refusal, own]);
  const account = own.account ?? (draft.account === filters.account ? refusal : undefined);
  return { form, problems: { ...own, account }, setOwn };
}

/** Which entries are wanted. Asked for with the button, or Enter. */
export function AuditFiltersForm(props: Props) {
  const { filters, onFilter, onClear } = props;
  const moreId = useId();
  const [draft, setDraft] = useDraft(filters);
  const { form, problems, setOwn } = useProblems(props, draft);
  const [isOpen, { toggle }] = useDisclosure(Boolean(filters.by || filters.from || filters.until));
  const change = (part: Partial<AuditDraft>) => setDraft((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = problemsOf(draft);
    setOwn(found);
    if (Object.keys(found).length === 0) onFilter(filtersOf(draft));
  };
  const clear = () => {
    setOwn({});
    setDraft(draftOf({}));
    onClear();
  };
  const fields = { draft, problems, change };
  return (
    <form ref={form} onSubmit={submit} noValidate role="search" aria-label="Filters">
      <FirstFields {...fields} />
      <div id={moreId} className={classes.filters} hidden={!isOpen}>
        <MoreFields {...fields} />
      </div>
      <Group gap="sm" mt="md">
        <Button type="submit">Show</Button>
        <Button variant="default" onClick={toggle} aria-expanded={isOpen} aria-controls={moreId}>
          {isOpen ? 'Fewer filters' : 'More filters'}
        </Button>
        {isFiltered(filters) && (
          <Button variant="subtle" onClick={clear}>
            Clear
          </Button>
        )}
      </Group>
    </form>
  );
}
