// What is written down of accounts, as sentences: for the person it is about, and for administrators.
import type { AuditAction, AuditEntry } from '@/api/types';

export const AUDIT_WORDS: Record<AuditAction, string> = {
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
export function auditSentence({ action, details }: AuditEntry): string {
  const { name, role } = details as { name?: string; role?: string };
  if (name) return `${AUDIT_WORDS[action]}: ${name}`;
  if (action === 'role-changed' && role) return `${AUDIT_WORDS[action]} to ${role}`;
  return AUDIT_WORDS[action];
}
