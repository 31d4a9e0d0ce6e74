import { Chip, Group, SegmentedControl, Switch, Text, TextInput } from '@mantine/core';

import {
  DAYS,
  type Length,
  LENGTHS,
  type SilenceDraft,
  type SilenceProblems,
} from '@/features/alerts/silence-draft';
import { sentenceCase } from '@/lib/format';

import classes from './silences.module.css';

interface Props {
  draft: SilenceDraft;
  problems: SilenceProblems;
  onChange: (part: Partial<SilenceDraft>) => void;
}

function Error({ children }: { children?: string }) {
  if (!children) return null;
  return (
    <Text size="xs" c="var(--mantine-color-error)" role="alert">
      {children}
    </Text>
  );
}

function Start({ draft, problems, onChange }: Props) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id="silence-starts">
        Starts
      </Text>
      <Group gap="sm" align="flex-start">
        <SegmentedControl
          aria-labelledby="silence-starts"
          value={draft.isFromNow ? 'now' : 'later'}
          onChange={(value) => onChange({ isFromNow: value === 'now' })}
          data={[
            { value: 'now', label: 'Now' },
            { value: 'later', label: 'At a time' },
          ]}
        />
        {!draft.isFromNow && (
          <TextInput
            type="datetime-local"
            aria-label="Starts at"
            value={draft.starts}
            error={problems.starts}
            onChange={(event) => onChange({ starts: event.currentTarget.value })}
          />
        )}
      </Group>
    </div>
  );
}

function End({ draft, problems, onChange }: Props) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id="silence-lasts">
        Lasts
      </Text>
      <Group gap="sm" align="flex-start">
        <div className={classes.lengths}>
          <SegmentedControl
            aria-labelledby="silence-lasts"
            value={draft.length}
            onChange={(length) => onChange({ length: length as Length })}
            data={[
              ...LENGTHS.map(({ value, label }) => ({ value, label })),
              { value: 'until', label: 'Until…' },
            ]}
          />
        </div>
        {draft.length === 'until' && (
          <TextInput
            type="datetime-local"
            aria-label="Ends at"
            value={draft.ends}
            error={problems.ends !== undefined}
            onChange={(event) => onChange({ ends: event.currentTarget.value })}
          />
        )}
      </Group>
      <Error>{problems.ends}</Error>
    </div>
  );
}

function Week({ draft, problems, onChange }: Props) {
  return (
    <div className={classes.week}>
      <Chip.Group multiple value={draft.days} onChange={(days) => onChange({ days })}>
        <Group gap={6} role="group" aria-label="Days">
          {DAYS.map((day) => (
            <Chip key={day} value={day} size="sm" aria-label={sentenceCase(day)}>
              {sentenceCase(day.slice(0, 3))}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="time"
          label="From"
          value={draft.from}
          onChange={(event) => onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label="To"
          value={draft.to}
          onChange={(event) => onChange({ to: event.currentTarget.value })}
        />
        <TextInput
          label="Time zone"
          value={draft.timeZone}
          onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
          className={classes.zone}
        />
      </Group>
      {draft.to < draft.from && (
        <Text size="xs" c="dimmed">
          Until {draft.to} the next day.
        </Text>
      )}
      <Error>{problems.weekly}</Error>
    </div>
  );
}

/** From when until when, and whether only at some times of the week. */
export function TimesField(props: Props) {
  const { draft, onChange } = props;
  return (
    <>
      <Start {...props} />
      <End {...props} />
      <div>
        <Switch
          label="Only at certain times of the week"
          checked={draft.isWeekly}
          onChange={(event) => onChange({ isWeekly: event.currentTarget.checked })}
        />
        {draft.isWeekly && <Week {...props} />}
      </div>
    </>
  );
}
