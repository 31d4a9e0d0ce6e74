import { Text, VisuallyHidden } from '@mantine/core';

import type { AuditEntry } from '@/api/types';
import { auditSentence } from '@/components/audit-words';
import { formatAgo, formatMoment } from '@/lib/format';

import classes from './operation.module.css';

/** The end of an id is what tells accounts apart: it starts with the time at which it was made. */
const shortId = (id: string) => `…${id.slice(-8)}`;

export interface Names {
  /** The id of whoever looks. */
  me?: string;
  /** The address that was asked for: that of everybody in the list, then. */
  email?: string;
}

export function subjectWords({ subject }: AuditEntry, { me, email }: Names): string {
  if (email) return email;
  return subject === me ? 'Your account' : `Account ${shortId(subject)}`;
}

/** Who did it, as far as it is known. */
export function actorWords({ actor, subject, address }: AuditEntry, { me }: Names): string {
  if (actor === null) {
    return address === null ? 'by whoever runs the server' : 'by somebody not signed in';
  }
  if (actor === me) return 'by you';
  return actor === subject ? 'by its owner' : `by account ${shortId(actor)}`;
}

/** When and from where; opened, what to search other logs for. */
function Origin({ entry }: { entry: AuditEntry }) {
  const ids = [
    ['Account', entry.subject],
    ['Done by', entry.actor],
    ['Request', entry.request_id],
  ].filter(([, id]) => id !== null);
  const facts = [entry.agent, entry.address].filter(Boolean);
  return (
    <details className={classes.origin}>
      <summary>
        <time dateTime={entry.at}>{formatMoment(entry.at)}</time>
        {facts.map((fact) => ` · ${fact}`)}
        <VisuallyHidden>, ids</VisuallyHidden>
      </summary>
      <dl>
        {ids.map(([name, id]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{id}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface Props {
  entry: AuditEntry;
  names: Names;
  onAccount: (id: string) => void;
}

export function AuditEntryRow({ entry, names, onAccount }: Props) {
  const subject = subjectWords(entry, names);
  return (
    <li className={classes.entry} data-testid="audit-entry">
      <div className={classes.head}>
        <Text fw={600} size="sm" className={classes.breakable}>
          {auditSentence(entry)}
        </Text>
        <Text size="xs" c="dimmed" className={classes.when}>
          {formatAgo(entry.at)}
        </Text>
      </div>
      <Text size="sm" className={classes.breakable}>
        <button
          type="button"
          className={classes.account}
          aria-label={`${subject}: only this account`}
          onClick={() => onAccount(entry.subject)}
        >
          {subject}
        </button>
        , {actorWords(entry, names)}
      </Text>
      <Origin entry={entry} />
    </li>
  );
}
