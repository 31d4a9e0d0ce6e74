import {
  ActionIcon,
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { IconAdjustments, IconCalendarWeek, IconCopy, IconUmbrella } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';

import {
  type DayQuestion,
  daysFrom,
  MOST_DAYS,
  sameWeather,
  type Week,
} from '@/features/outfits/week';
import { formatDay, formatShortDay, isDay } from '@/lib/dates';
import { wordLabel } from '@/lib/format';
import { COLDEST_C, HOTTEST_C, OCCASIONS } from '@/lib/url-state';

import classes from './week-form.module.css';

interface Props {
  week: Week;
  today: string;
  onChange: (change: Partial<Week>) => void;
  isBusy: boolean;
  onPlan: () => void;
}

const OCCASION_CHOICES = [
  { value: '', label: 'For anything' },
  ...OCCASIONS.map((value) => ({ value, label: wordLabel(value) })),
];
const COUNTS = Array.from({ length: MOST_DAYS }, (_, n) => ({
  value: String(n + 1),
  label: n === 0 ? '1 day' : `${n + 1} days`,
}));

interface RowProps {
  day: DayQuestion;
  onChange: (change: Partial<DayQuestion>) => void;
}

function DayRow({ day, onChange }: RowProps) {
  const name = formatDay(day.date);
  return (
    <li className={classes.day} aria-label={name}>
      <Text size="sm" fw={600} className={classes.name}>
        {formatShortDay(day.date)}
      </Text>
      <NumberInput
        aria-label={`Temperature on ${name}, degrees Celsius`}
        className={classes.temperature}
        value={day.temperature ?? ''}
        onChange={(value) => {
          const celsius = typeof value === 'number' ? Math.round(value) : undefined;
          onChange({ temperature: celsius, wet: celsius === undefined ? undefined : day.wet });
        }}
        min={COLDEST_C}
        max={HOTTEST_C}
        clampBehavior="strict"
        allowDecimal={false}
        suffix=" °C"
        placeholder="any"
      />
      <ActionIcon
        size={36}
        variant={day.wet ? 'filled' : 'default'}
        aria-label={`Rain or snow on ${name}`}
        aria-pressed={day.wet === true}
        disabled={day.temperature === undefined}
        onClick={() => onChange({ wet: !day.wet || undefined })}
      >
        <IconUmbrella size={19} aria-hidden />
      </ActionIcon>
      <NativeSelect
        aria-label={`Occasion on ${name}`}
        className={classes.occasion}
        data={OCCASION_CHOICES}
        value={day.occasion ?? ''}
        onChange={({ currentTarget }) =>
          onChange({ occasion: OCCASIONS.find((one) => one === currentTarget.value) })
        }
      />
    </li>
  );
}

/** Which days, and what each is like. */
export function WeekForm({ week, today, onChange, isBusy, onPlan }: Props) {
  const days = week.question;
  const first = days[0];
  // On a phone a plan comes first, and what was asked folds away.
  const [isFolded, setFolded] = useState(week.plan !== undefined);
  const detailsId = useId();
  const ask = (question: DayQuestion[]) => onChange({ question });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFolded(true);
    onPlan();
  };
  return (
    <form onSubmit={submit} className={classes.form} aria-label="Which days?">
      <Stack gap="md">
        <Group grow wrap="nowrap" gap="sm">
          <TextInput
            type="date"
            label="From"
            min={today}
            required
            withAsterisk={false}
            value={first?.date ?? today}
            onChange={({ currentTarget }) => {
              if (isDay(currentTarget.value)) {
                ask(daysFrom(currentTarget.value, days.length, days));
              }
            }}
          />
          <NativeSelect
            label="For"
            data={COUNTS}
            value={String(days.length)}
            onChange={({ currentTarget }) =>
              ask(daysFrom(first?.date ?? today, Number(currentTarget.value), days))
            }
          />
        </Group>
        {isFolded && (
          <Button
            variant="default"
            className={classes.unfold}
            leftSection={<IconAdjustments size={18} aria-hidden />}
            aria-expanded={false}
            aria-controls={detailsId}
            onClick={() => setFolded(false)}
          >
            Weather and occasions
          </Button>
        )}
        <Stack
          gap="md"
          id={detailsId}
          className={classes.details}
          data-folded={isFolded || undefined}
        >
          <ul className={classes.days}>
            {days.map((day, at) => (
              <DayRow
                key={day.date}
                day={day}
                onChange={(change) =>
                  ask(days.map((one, n) => (n === at ? { ...one, ...change } : one)))
                }
              />
            ))}
          </ul>
          {days.length > 1 && (
            <Button
              variant="subtle"
              size="compact-sm"
              className={classes.fill}
              leftSection={<IconCopy size={15} aria-hidden />}
              onClick={() => ask(sameWeather(days))}
            >
              Every day the weather of the first
            </Button>
          )}
          <Switch
            label="Even what is in the laundry"
            checked={week.include_unclean === true}
            onChange={({ currentTarget }) =>
              onChange({ include_unclean: currentTarget.checked || undefined })
            }
          />
        </Stack>
        <Button
          type="submit"
          size="md"
          loading={isBusy}
          leftSection={<IconCalendarWeek size={19} aria-hidden />}
        >
          Plan my week
        </Button>
      </Stack>
    </form>
  );
}
