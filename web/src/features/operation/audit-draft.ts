// Filters of the audit log as the form keeps them: text, and local times.
import { localInput } from '@/lib/dates';
import { AUDIT_ACTIONS, type AuditFilters, isAccount, isId } from '@/lib/operation-search';

/** Nothing said is empty text. */
export type AuditDraft = Record<keyof AuditFilters, string>;
export type AuditProblems = Partial<AuditDraft>;

export const draftOf = ({ account, by, action, from, until }: AuditFilters): AuditDraft => ({
  account: account ?? '',
  by: by ?? '',
  action: action ?? '',
  from: from ? localInput(from) : '',
  until: until ? localInput(until) : '',
});

export function problemsOf(draft: AuditDraft): AuditProblems {
  const problems: AuditProblems = {};
  const [account, by] = [draft.account.trim(), draft.by.trim()];
  if (account !== '' && !isAccount(account)) {
    problems.account = 'An e-mail address or the id of an account is expected';
  }
  if (by !== '' && !isId(by)) problems.by = 'The id of an account is expected';
  if (draft.from && draft.until && draft.until <= draft.from) {
    problems.until = 'It ends before it starts';
  }
  return problems;
}

const instantOf = (local: string) => (local === '' ? undefined : new Date(local).toISOString());

export const filtersOf = (draft: AuditDraft): AuditFilters => ({
  account: draft.account.trim() || undefined,
  by: draft.by.trim() || undefined,
  action: AUDIT_ACTIONS.find((action) => action === draft.action),
  from: instantOf(draft.from),
  until: instantOf(draft.until),
});

export const isSame = (one: AuditFilters, other: AuditFilters): boolean =>
  JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other));

export const isFiltered = (filters: AuditFilters): boolean => !isSame(filters, {});
