import { Button, Group, Switch, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import {
  IconAlertTriangle,
  IconBell,
  IconChevronDown,
  IconCircle,
  IconCircleDashed,
  IconDatabase,
  IconHourglass,
} from '@tabler/icons-react';

import type { Rule } from '@/api/operator-types';
import { ExpressionCode } from '@/components/expression-code';
import { useRemoveRule, useSwitchRule } from '@/features/alerts/api';
import { Labels, Severity } from '@/features/alerts/labels';
import { bodyOfRule } from '@/features/alerts/rule-draft';
import { RunbookLink } from '@/features/alerts/runbook-link';
import { sayDuration } from '@/lib/duration';
import { countOf, formatAgo, sentenceCase } from '@/lib/format';
import { formatUnit } from '@/lib/units';

import classes from './rules.module.css';

/** Its state as a picture and in words: what is most worth knowing of it. */
function stateOf(rule: Rule): { icon: typeof IconBell; word: string; mark: string } {
  if (rule.health === 'failed') {
    return { icon: IconAlertTriangle, word: 'cannot be evaluated', mark: 'failed' };
  }
  if (!rule.is_enabled) return { icon: IconCircleDashed, word: 'switched off', mark: 'off' };
  if (rule.kind === 'recording') return { icon: IconDatabase, word: 'records', mark: 'inactive' };
  if (rule.state === 'firing') {
    return { icon: IconBell, word: `${countOf(rule.alerts, 'alert')} firing`, mark: 'firing' };
  }
  if (rule.state === 'pending') return { icon: IconHourglass, word: 'pending', mark: 'pending' };
  return { icon: IconCircle, word: 'quiet', mark: 'inactive' };
}

const SOURCES: Record<Rule['source'], string | undefined> = {
  file: undefined,
  app: undefined,
  changed: 'changed here',
};

function Actions({ rule, onEdit }: { rule: Rule; onEdit: () => void }) {
  const remove = useRemoveRule();
  if (rule.kind === 'recording') return null;
  const isChanged = rule.source === 'changed';
  const ask = () =>
    modals.openConfirmModal({
      title: isChanged ? `Put ${rule.name} back?` : `Delete ${rule.name}?`,
      children: (
        <Text size="sm">
          {isChanged
            ? 'The rule becomes again what the file says. What was changed here is lost.'
            : 'The rule is gone, and nobody is told any more of what it watched for.'}
        </Text>
      ),
      labels: { confirm: isChanged ? 'Put back' : 'Delete', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: () => remove.mutate(rule.id),
    });
  return (
    <Group gap="sm" mt={4}>
      <Button size="xs" variant="default" onClick={onEdit} aria-label={`Edit ${rule.name}`}>
        Edit…
      </Button>
      {rule.source !== 'file' && (
        <Button
          size="xs"
          variant="default"
          loading={remove.isPending}
          onClick={ask}
          aria-label={isChanged ? `Put back ${rule.name}` : `Delete ${rule.name}`}
        >
          {isChanged ? 'Back to the file’s' : 'Delete'}
        </Button>
      )}
    </Group>
  );
}

function Details({ rule, onEdit }: { rule: Rule; onEdit: () => void }) {
  const { summary, description } = rule.annotations;
  const times = [
    ...(rule.kind === 'alerting'
      ? [
          rule.for_seconds > 0
            ? `Fires once it holds for ${sayDuration(rule.for_seconds)}`
            : 'Fires at once',
        ]
      : []),
    ...(rule.keep_firing_for_seconds > 0
      ? [`ends when it has not held for ${sayDuration(rule.keep_firing_for_seconds)}`]
      : []),
    ...(rule.evaluated_at ? [`evaluated ${formatAgo(rule.evaluated_at)}`] : []),
    ...(rule.evaluation_seconds ? [`in ${formatUnit(rule.evaluation_seconds, 'seconds')}`] : []),
  ];
  return (
    <div className={classes.details}>
      {summary && <Text size="sm">{summary}</Text>}
      {description && (
        <Text size="sm" c="dimmed">
          {description}
        </Text>
      )}
      <ExpressionCode expression={rule.expression} label={rule.name} />
      <Text size="xs" c="dimmed">
        {sentenceCase(times.join(', '))}.
      </Text>
      <Labels labels={rule.labels} />
      <div className={classes.link}>
        <RunbookLink url={rule.annotations.runbook_url} />
      </div>
      <Actions rule={rule} onEdit={onEdit} />
    </div>
  );
}

export function RuleRow({ rule, onEdit }: { rule: Rule; onEdit: () => void }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const flip = useSwitchRule();
  const { icon: Icon, word, mark } = stateOf(rule);
  const meta = [word, SOURCES[rule.source]].filter(Boolean).join(' · ');
  return (
    <li className={classes.rule} data-testid="rule" data-state={mark}>
      <div className={classes.row}>
        <UnstyledButton className={classes.toggle} onClick={toggle} aria-expanded={isOpen}>
          <span className={classes.state} data-state={mark} aria-hidden>
            <Icon size={18} stroke={1.8} />
          </span>
          <span className={classes.words}>
            <span className={classes.name}>{rule.name}</span>{' '}
            <Severity severity={rule.labels.severity ?? ''} />
            <Text component="span" size="xs" c="dimmed" display="block">
              {meta}
            </Text>
          </span>
          <IconChevronDown size={17} className={classes.chevron} aria-hidden />
        </UnstyledButton>
        {rule.kind === 'alerting' && (
          <Switch
            aria-label={`${rule.name} is on`}
            checked={rule.is_enabled}
            disabled={flip.isPending}
            onChange={(event) =>
              flip.mutate({
                id: rule.id,
                body: { ...bodyOfRule(rule), is_enabled: event.currentTarget.checked },
              })
            }
          />
        )}
      </div>
      {rule.last_error && (
        <Text size="sm" className={classes.error}>
          {sentenceCase(rule.last_error)}
        </Text>
      )}
      {isOpen && <Details rule={rule} onEdit={onEdit} />}
    </li>
  );
}
