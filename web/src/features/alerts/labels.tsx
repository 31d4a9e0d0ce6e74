import { Badge } from '@mantine/core';

import classes from './alerts.module.css';

/** What is said elsewhere on the same card. */
const SAID = new Set(['alertname', 'severity']);

/** The labels that tell this alert from others of its name. */
export function Labels({ labels }: { labels: Record<string, string> }) {
  const shown = Object.entries(labels).filter(([name]) => !SAID.has(name));
  if (shown.length === 0) return null;
  return (
    <ul className={classes.labels} aria-label="Labels">
      {shown.map(([name, value]) => (
        <li key={name} className={classes.labelPair}>
          <span>{name}</span> {value}
        </li>
      ))}
    </ul>
  );
}

const COLOURS: Record<string, string> = { critical: 'red', warning: 'saffron', info: 'gray' };

export function Severity({ severity }: { severity: string }) {
  if (!severity) return null;
  return (
    <Badge
      size="sm"
      variant="light"
      color={COLOURS[severity] ?? 'gray'}
      className={classes.severity}
      data-severity={severity}
    >
      {severity}
    </Badge>
  );
}
