import { MultiSelect, NativeSelect, Stack } from '@mantine/core';

import { wordLabel } from '@/lib/format';
import {
  COLOUR_FAMILIES,
  DRESS_CODES,
  joinColours,
  splitColours,
  type WearSearch,
} from '@/lib/url-state';

const CODES = [
  { value: '', label: 'Any' },
  ...DRESS_CODES.map((value) => ({ value, label: wordLabel(value) })),
];
const COLOURS = COLOUR_FAMILIES.map((value) => ({ value, label: wordLabel(value) }));

interface Props {
  search: WearSearch;
  onChange: (change: Partial<WearSearch>) => void;
}

/** What every piece has to be like. A colour is either wanted or not. */
export function Limits({ search, onChange }: Props) {
  const wanted = splitColours(search.colours);
  const unwanted = splitColours(search.without);
  const free = (taken: string[]) => COLOURS.filter(({ value }) => !taken.includes(value));
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Dress code"
        data={CODES}
        value={search.code ?? ''}
        onChange={({ currentTarget }) =>
          onChange({ code: DRESS_CODES.find((code) => code === currentTarget.value) })
        }
      />
      <MultiSelect
        label="Only these colours"
        placeholder={wanted.length === 0 ? 'Any' : undefined}
        data={free(unwanted)}
        value={wanted}
        onChange={(colours) => onChange({ colours: joinColours(colours) })}
        clearable
      />
      <MultiSelect
        label="Not these colours"
        placeholder={unwanted.length === 0 ? 'None' : undefined}
        data={free(wanted)}
        value={unwanted}
        onChange={(without) => onChange({ without: joinColours(without) })}
        clearable
      />
    </Stack>
  );
}
