import { ActionIcon, Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';

import type { Matcher } from '@/api/operator-types';
import { COMPARISON_WORDS } from '@/features/alerts/matchers';

import classes from './silences.module.css';

interface Props {
  matchers: Matcher[];
  error?: string;
  onChange: (matchers: Matcher[]) => void;
}

/** Which alerts are meant: those for which all of it is true. */
export function MatchersField({ matchers, error, onChange }: Props) {
  const change = (at: number, part: Partial<Matcher>) =>
    onChange(matchers.map((matcher, place) => (place === at ? { ...matcher, ...part } : matcher)));
  return (
    <fieldset className={classes.fieldset}>
      <legend className={classes.legend}>Alerts whose</legend>
      {matchers.map((matcher, at) => (
        <div key={at} className={classes.matcherRow}>
          <TextInput
            aria-label={`Label ${at + 1}`}
            placeholder="label"
            value={matcher.name}
            autoCapitalize="off"
            onChange={(event) => change(at, { name: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={`Comparison ${at + 1}`}
            value={matcher.comparison}
            data={Object.entries(COMPARISON_WORDS).map(([value, label]) => ({ value, label }))}
            onChange={(event) => change(at, { comparison: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`Value ${at + 1}`}
            placeholder="value"
            value={matcher.value}
            error={error !== undefined}
            autoCapitalize="off"
            onChange={(event) => change(at, { value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            disabled={matchers.length === 1}
            aria-label={`Remove label ${at + 1}`}
            onClick={() => onChange(matchers.filter((_, place) => place !== at))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...matchers, { name: '', comparison: '=', value: '' }])}
      >
        Another label
      </Button>
      {error && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </fieldset>
  );
}
