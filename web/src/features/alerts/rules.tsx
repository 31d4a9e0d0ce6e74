import { Alert, Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconPlus, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Rule, RuleGroup, Rules as RulesAnswer } from '@/api/operator-types';
import { EmptyState } from '@/components/empty-state';
import { ProblemNote } from '@/components/problem-note';
import { rulesQuery, useReload } from '@/features/alerts/api';
import { draftOfRule, newRule, type RuleDraft } from '@/features/alerts/rule-draft';
import { RuleDialog } from '@/features/alerts/rule-dialog';
import { RuleRow } from '@/features/alerts/rule-row';
import { sayDuration } from '@/lib/duration';
import { countOf, formatAgo, sentenceCase } from '@/lib/format';

import classes from './rules.module.css';

/** Groups with the rules that have the word in their name or expression. */
export function found(groups: readonly RuleGroup[], find: string | undefined): RuleGroup[] {
  const word = (find ?? '').trim().toLowerCase();
  const fits = ({ name, expression }: Rule) =>
    name.toLowerCase().includes(word) || expression.toLowerCase().includes(word);
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter(fits) }))
    .filter(({ rules }) => rules.length > 0);
}

/** The newest file of rules is not in force: the ones before it are. */
function FileError({ error }: { error: NonNullable<RulesAnswer['error']> }) {
  const place =
    error.line === undefined || error.line === null
      ? ''
      : ` (line ${error.line}${error.column ? `, column ${error.column}` : ''})`;
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title="The file of rules cannot be read"
    >
      <Text size="sm" className={classes.breakable}>
        {sentenceCase(error.message)}
        {place}
      </Text>
      <Text size="sm" mt={4}>
        The rules read before stay in force until it is repaired.
      </Text>
    </Alert>
  );
}

function Toolbar({
  rules,
  find,
  onFind,
  onAdd,
}: Props & { rules: RulesAnswer; onAdd: () => void }) {
  const reload = useReload();
  const count = rules.groups.reduce((sum, group) => sum + group.rules.length, 0);
  return (
    <Stack gap="sm" mb="lg">
      <Group gap="sm">
        <TextInput
          aria-label="Find rules"
          placeholder="Find in names and expressions"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={find ?? ''}
          onChange={(event) => onFind(event.currentTarget.value || undefined)}
          className={classes.find}
        />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={reload.isPending}
          onClick={() => reload.mutate()}
        >
          Read the file again
        </Button>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd}>
          New rule
        </Button>
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {countOf(count, 'rule')}, read {formatAgo(rules.loaded_at)}.
      </Text>
      {reload.isError && (
        <ProblemNote error={reload.error} title="The file of rules was not taken over" />
      )}
      {rules.error && !reload.isError && <FileError error={rules.error} />}
    </Stack>
  );
}

interface Props {
  find?: string;
  onFind: (find?: string) => void;
}

export function Rules({ find, onFind }: Props) {
  const rules = useQuery(rulesQuery);
  const [draft, setDraft] = useState<RuleDraft>();
  if (rules.isPending) {
    return (
      <Stack gap="sm" aria-hidden>
        {[0, 1, 2, 3].map((index) => (
          <Skeleton key={index} h={58} radius="md" />
        ))}
      </Stack>
    );
  }
  if (!rules.data) {
    return (
      <ProblemNote
        error={rules.error}
        title="The rules could not be loaded"
        onRetry={rules.refetch}
      />
    );
  }
  const groups = found(rules.data.groups, find);
  return (
    <>
      <Toolbar rules={rules.data} find={find} onFind={onFind} onAdd={() => setDraft(newRule())} />
      {groups.length === 0 && (
        <EmptyState
          icon={<IconSearch size={32} stroke={1.4} />}
          title={find ? 'No such rule' : 'No rules yet'}
        >
          {find
            ? `No rule has “${find}” in its name or expression.`
            : 'FlashFit watches for nothing: add a rule, or name a file of rules in the settings.'}
        </EmptyState>
      )}
      <Stack gap="xl">
        {groups.map((group) => (
          <section key={`${group.source} ${group.name}`} aria-label={`Group ${group.name}`}>
            <Group gap={10} align="baseline" mb={6}>
              <Title order={2} className={classes.groupName}>
                {group.name}
              </Title>
              <Text size="sm" c="dimmed">
                {group.source === 'app' ? 'added in the app' : 'from the file'}, every{' '}
                {sayDuration(group.interval_seconds)}
              </Text>
            </Group>
            <ul className={classes.rules}>
              {group.rules.map((rule) => (
                <RuleRow key={rule.id} rule={rule} onEdit={() => setDraft(draftOfRule(rule))} />
              ))}
            </ul>
          </section>
        ))}
      </Stack>
      {draft && <RuleDialog draft={draft} onClose={() => setDraft(undefined)} />}
    </>
  );
}
