import { Textarea } from '@mantine/core';

import type { Refusal } from '@/features/alerts/refusal';

import classes from './rules.module.css';

interface Props {
  value: string;
  /** What is said of an empty field. */
  missing?: string;
  refusal?: Refusal;
  onChange: (value: string) => void;
}

/** PromQL, and below it what is wrong with it and where. */
export function ExpressionField({ value, missing, refusal, onChange }: Props) {
  const error = refusal ? (
    <span className={classes.refusal}>
      <span>{refusal.words}</span>
      {refusal.excerpt && (
        <code className={classes.excerpt} aria-hidden>
          {refusal.excerpt.line}
          {'\n'}
          {refusal.excerpt.mark}
        </code>
      )}
    </span>
  ) : (
    missing
  );
  return (
    <Textarea
      label="Fires when"
      description="A PromQL expression: every series that it gives is an alert"
      placeholder='sum(rate(http_requests_total{status=~"5.."}[5m])) > 1'
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
      autoCapitalize="off"
      autoCorrect="off"
      classNames={{ input: classes.expression }}
      value={value}
      error={error}
      errorProps={{ component: 'div', role: 'alert' }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
