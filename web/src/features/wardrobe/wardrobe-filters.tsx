import {
  ActionIcon,
  Button,
  Chip,
  CloseButton,
  Group,
  ScrollArea,
  Select,
  TextInput,
} from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconAdjustments, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

import type { WardrobeSummary } from '@/api/types';
import { wordLabel } from '@/lib/format';
import { CATEGORIES, SEASONS, SLOTS, STATES, type WardrobeSearch } from '@/lib/url-state';

import classes from './wardrobe-filters.module.css';

interface Props {
  search: WardrobeSearch;
  summary?: WardrobeSummary;
  onChange: (change: Partial<WardrobeSearch>) => void;
}

const STATE_LABELS = {
  pending: 'Waiting',
  processing: 'Being recognised',
  ready: 'Ready',
  failed: 'Not recognised',
} as const;

const counted = (entries: { name: string; count: number }[] = []) =>
  entries.map(({ name, count }) => ({ value: name, label: `${wordLabel(name)} (${count})` }));

const oneOf = <T extends string>(words: readonly T[], value: string | null): T | undefined =>
  words.find((word) => word === value);

function SearchBox({ value, onChange }: { value?: string; onChange: (text?: string) => void }) {
  const [text, setText] = useState(value ?? '');
  const [known, setKnown] = useState(value);
  // The address may change by itself (back button): follow it.
  if (known !== value) {
    setKnown(value);
    setText(value ?? '');
  }
  const settle = useDebouncedCallback((next: string) => onChange(next.trim() || undefined), 300);
  return (
    <TextInput
      type="search"
      aria-label="Search the wardrobe"
      placeholder="Search"
      value={text}
      leftSection={<IconSearch size={17} aria-hidden />}
      rightSection={
        text && (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              setText('');
              onChange(undefined);
            }}
          />
        )
      }
      onChange={(event) => {
        setText(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
      className={classes.search}
    />
  );
}

export function WardrobeFilters({ search, summary, onChange }: Props) {
  const hidden = [search.category, search.colour, search.season, search.state].filter(Boolean);
  const [isMore, { toggle }] = useDisclosure(hidden.length > 0);
  const counts = new Map(summary?.slots.map(({ name, count }) => [name, count]));
  const slots = SLOTS.filter((slot) => counts.has(slot) || slot === search.slot);
  return (
    <section aria-label="Filters" className={classes.filters}>
      <Group gap="sm" wrap="nowrap">
        <SearchBox value={search.text} onChange={(text) => onChange({ text })} />
        <ActionIcon
          variant={isMore || hidden.length > 0 ? 'light' : 'default'}
          size={36}
          onClick={toggle}
          aria-expanded={isMore}
          aria-label="More filters"
        >
          <IconAdjustments size={19} aria-hidden />
        </ActionIcon>
      </Group>
      <ScrollArea type="never" className={classes.strip}>
        <Chip.Group
          value={search.slot ?? 'all'}
          onChange={(value) => onChange({ slot: oneOf(SLOTS, value as string) })}
        >
          <Group gap={8} wrap="nowrap" role="radiogroup" aria-label="Part of an outfit" p={3}>
            <Chip value="all">All</Chip>
            {slots.map((slot) => (
              <Chip key={slot} value={slot}>
                {wordLabel(slot)} <span className={classes.count}>{counts.get(slot)}</span>
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </ScrollArea>
      {isMore && (
        <div className={classes.more}>
          <Select
            label="Kind"
            placeholder="Any"
            clearable
            searchable
            data={counted(summary?.categories)}
            value={search.category ?? null}
            onChange={(category) => onChange({ category: oneOf(CATEGORIES, category) })}
          />
          <Select
            label="Colour"
            placeholder="Any"
            clearable
            searchable
            data={counted(summary?.colours)}
            value={search.colour ?? null}
            onChange={(colour) => onChange({ colour: colour ?? undefined })}
          />
          <Select
            label="Season"
            placeholder="Any"
            clearable
            data={SEASONS.map((season) => ({ value: season, label: wordLabel(season) }))}
            value={search.season ?? null}
            onChange={(season) => onChange({ season: oneOf(SEASONS, season) })}
          />
          <Select
            label="State"
            placeholder="Any"
            clearable
            data={STATES.map((state) => ({ value: state, label: STATE_LABELS[state] }))}
            value={search.state ?? null}
            onChange={(state) => onChange({ state: oneOf(STATES, state) })}
          />
          {hidden.length > 0 && (
            <Button
              variant="subtle"
              onClick={() =>
                onChange({
                  category: undefined,
                  colour: undefined,
                  season: undefined,
                  state: undefined,
                })
              }
            >
              Clear
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
