// What the page "Operation" keeps in its address: its tab, and which entries of the audit log are wanted.
import { asOneOf, asText } from '@/lib/url-state';

export const OPERATION_TABS = ['audit', 'log'] as const;

/** In the order in which they are offered. */
export const AUDIT_ACTIONS = [
  'sign-in',
  'sign-in-failed',
  'sign-out',
  'session-ended',
  'other-sessions-ended',
  'sign-up',
  'account-made',
  'account-exported',
  'account-deleted',
  'role-changed',
  'password-changed',
  'password-reset-asked',
  'password-reset',
  'password-set',
  'token-made',
  'token-revoked',
] as const;

export interface AuditFilters {
  /** Whose: an e-mail address, or the id of an account. */
  account?: string;
  /** The id of whoever did it. */
  by?: string;
  action?: (typeof AUDIT_ACTIONS)[number];
  /** Moments as `2026-05-04T10:00:00.000Z`, so that an address means the same to everybody. */
  from?: string;
  until?: string;
}

export interface OperationSearch extends AuditFilters {
  tab?: (typeof OPERATION_TABS)[number];
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => ID.test(text);

/** The server takes an id for one kind of question and an address for the other. */
export const isAccount = (text: string): boolean => isId(text) || text.includes('@');

function asInstant(value: unknown): string | undefined {
  const date = new Date(asText(value) ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const asIf = (value: unknown, isRight: (text: string) => boolean): string | undefined => {
  const text = asText(value)?.trim();
  return text !== undefined && isRight(text) ? text : undefined;
};

export const operationSearch = (raw: Record<string, unknown>): OperationSearch => ({
  tab: asOneOf(raw.tab, OPERATION_TABS),
  account: asIf(raw.account, isAccount),
  by: asIf(raw.by, isId),
  action: asOneOf(raw.action, AUDIT_ACTIONS),
  from: asInstant(raw.from),
  until: asInstant(raw.until),
});
