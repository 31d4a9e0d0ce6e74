// A silence as the dialog keeps it: local times and presets, until it is sent.
import type { Alert, Matcher, Silence, SilenceBody } from '@/api/operator-types';
import { labelsOf } from '@/features/alerts/matchers';
import { localInput } from '@/lib/dates';

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const HOUR = 3_600;
/** How long from its start; `until` is a moment of one's own. */
export const LENGTHS = [
  { value: '1h', label: '1 h', seconds: HOUR },
  { value: '2h', label: '2 h', seconds: 2 * HOUR },
  { value: '8h', label: '8 h', seconds: 8 * HOUR },
  { value: '1d', label: '1 day', seconds: 24 * HOUR },
  { value: '1w', label: '1 week', seconds: 7 * 24 * HOUR },
] as const;
export type Length = (typeof LENGTHS)[number]['value'] | 'until';

export interface SilenceDraft {
  id?: string;
  matchers: Matcher[];
  isFromNow: boolean;
  /** Local time as `2026-05-04T10:00`. */
  starts: string;
  length: Length;
  ends: string;
  isWeekly: boolean;
  days: string[];
  from: string;
  to: string;
  timeZone: string;
  comment: string;
}

const instantOf = (local: string): number => new Date(local).getTime();

const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export function newDraft(matchers: Matcher[] = [], now: number = Date.now()): SilenceDraft {
  return {
    matchers: matchers.length > 0 ? matchers : [{ name: 'alertname', comparison: '=', value: '' }],
    isFromNow: true,
    starts: localInput(now),
    length: '2h',
    ends: localInput(now + 2 * HOUR * 1000),
    isWeekly: false,
    days: ['saturday', 'sunday'],
    from: '22:00',
    to: '06:00',
    timeZone: ownTimeZone(),
    comment: '',
  };
}

/** Just this alert: every label of it. */
export const draftFor = (alert: Alert): SilenceDraft =>
  newDraft(
    Object.entries(labelsOf(alert)).map(([name, value]) => ({ name, comparison: '=', value })),
  );

export function draftOf(silence: Silence): SilenceDraft {
  const { weekly } = silence;
  const isOver = silence.status === 'expired';
  const draft = newDraft(silence.matchers);
  return {
    ...draft,
    // What is over is made anew from now on.
    id: isOver ? undefined : silence.id,
    isFromNow: isOver,
    starts: isOver ? draft.starts : localInput(silence.starts_at),
    length: isOver ? '2h' : 'until',
    ends: isOver ? draft.ends : localInput(silence.ends_at),
    isWeekly: weekly !== null,
    days: weekly?.days ?? draft.days,
    from: weekly?.from ?? draft.from,
    to: weekly?.to ?? draft.to,
    timeZone: weekly?.time_zone ?? draft.timeZone,
    comment: silence.comment,
  };
}

const startOf = (draft: SilenceDraft, now: number) =>
  draft.isFromNow ? now : instantOf(draft.starts);

function endOf(draft: SilenceDraft, now: number): number {
  const preset = LENGTHS.find(({ value }) => value === draft.length);
  return preset ? startOf(draft, now) + preset.seconds * 1000 : instantOf(draft.ends);
}

export interface SilenceProblems {
  matchers?: string;
  starts?: string;
  ends?: string;
  weekly?: string;
  comment?: string;
}

const isBlank = (text: string) => text.trim() === '';

/** What keeps the silence from being made, each beside its field. */
export function problemsOf(draft: SilenceDraft, now: number = Date.now()): SilenceProblems {
  const problems: SilenceProblems = {};
  const named = draft.matchers.filter(({ name }) => !isBlank(name));
  if (named.length === 0) problems.matchers = 'Say which alerts: at least one label is needed';
  else if (named.every(({ comparison, value }) => comparison === '=' && value === '')) {
    problems.matchers = 'At least one label needs a value, or it would silence everything';
  }
  const start = startOf(draft, now);
  const end = endOf(draft, now);
  if (Number.isNaN(start)) problems.starts = 'Say when it starts';
  if (Number.isNaN(end)) problems.ends = 'Say when it ends';
  else if (end <= start) problems.ends = 'It ends before it starts';
  else if (end <= now) problems.ends = 'This is over already';
  if (draft.isWeekly && draft.days.length === 0) problems.weekly = 'Choose at least one day';
  else if (draft.isWeekly && (isBlank(draft.from) || isBlank(draft.to))) {
    problems.weekly = 'Say from when until when';
  } else if (draft.isWeekly && draft.from === draft.to) {
    problems.weekly = 'It would last no time';
  }
  if (isBlank(draft.comment)) problems.comment = 'A word on why helps whoever finds it later';
  return problems;
}

export function bodyOfDraft(draft: SilenceDraft, now: number = Date.now()): SilenceBody {
  const iso = (instant: number) => new Date(instant).toISOString();
  const isNew = draft.id === undefined;
  return {
    matchers: draft.matchers
      .filter(({ name }) => !isBlank(name))
      .map((matcher) => ({ ...matcher, name: matcher.name.trim() })),
    // The server knows better than this device when now is.
    starts_at: isNew && draft.isFromNow ? undefined : iso(startOf(draft, now)),
    ends_at: iso(endOf(draft, now)),
    weekly: draft.isWeekly
      ? {
          days: DAYS.filter((day) => draft.days.includes(day)),
          from: draft.from,
          to: draft.to,
          time_zone: draft.timeZone.trim() || 'UTC',
        }
      : undefined,
    comment: draft.comment.trim(),
  };
}
