import { Button, Chip, Group, Slider, Stack, Switch, Text, Textarea } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';

import { temperatureWord } from '@/features/outfits/ask';
import { Limits } from '@/features/outfits/limits';
import { StartingPiece } from '@/features/outfits/starting-piece';
import { wordLabel } from '@/lib/format';
import { COLDEST_C, HOTTEST_C, OCCASIONS, type WearSearch } from '@/lib/url-state';

import classes from './ask-form.module.css';

interface Props {
  search: WearSearch;
  onChange: (change: Partial<WearSearch>) => void;
  photo?: File;
  onPhoto: (photo?: File) => void;
  isBusy: boolean;
  onAsk: (search: WearSearch) => void;
}

const USUAL_C = 16;
const MARKS = [-10, 0, 10, 20, 30].map((value) => ({ value, label: `${value}°` }));

function Weather({ search, onChange }: Pick<Props, 'search' | 'onChange'>) {
  const { temperature } = search;
  // While it is dragged the value is here; the address gets it at the end.
  const [dragged, setDragged] = useState<number>();
  const shown = dragged ?? temperature;
  return (
    <fieldset className={classes.group}>
      <Switch
        label="Mind the weather"
        fw={600}
        checked={temperature !== undefined}
        onChange={({ currentTarget }) =>
          onChange(
            currentTarget.checked
              ? { temperature: USUAL_C }
              : { temperature: undefined, wet: undefined },
          )
        }
      />
      {shown !== undefined && (
        <div className={classes.weather}>
          <Text size="sm" id="temperature-label">
            <Text span fw={650}>
              {shown} °C
            </Text>
            , {temperatureWord(shown)}
          </Text>
          <Slider
            min={COLDEST_C}
            max={HOTTEST_C}
            marks={MARKS}
            label={null}
            value={shown}
            thumbProps={{ 'aria-label': 'Temperature in degrees Celsius' }}
            onChange={setDragged}
            onChangeEnd={(value) => {
              setDragged(undefined);
              onChange({ temperature: value });
            }}
            mb={26}
            mt={6}
          />
          <Switch
            label="Rain or snow"
            checked={search.wet === true}
            onChange={({ currentTarget }) => onChange({ wet: currentTarget.checked || undefined })}
          />
        </div>
      )}
    </fieldset>
  );
}

export function AskForm({ search, onChange, photo, onPhoto, isBusy, onAsk }: Props) {
  const [text, setText] = useState(search.text ?? '');
  const words = text.trim() || undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (words !== search.text) onChange({ text: words });
    onAsk({ ...search, text: words });
  };
  return (
    <form onSubmit={submit} className={classes.form} aria-label="What shall I wear?">
      <Stack gap="lg">
        <fieldset className={classes.group}>
          <legend className={classes.legend}>What for?</legend>
          <Group gap={7}>
            {OCCASIONS.map((occasion) => (
              <Chip
                key={occasion}
                checked={search.occasion === occasion}
                onChange={(isChosen) => onChange({ occasion: isChosen ? occasion : undefined })}
              >
                {wordLabel(occasion)}
              </Chip>
            ))}
          </Group>
        </fieldset>
        <Weather search={search} onChange={onChange} />
        <StartingPiece
          anchor={search.anchor}
          onAnchor={(anchor) => onChange({ anchor })}
          photo={photo}
          onPhoto={onPhoto}
        />
        <Textarea
          label="In your own words"
          placeholder="Something light for a walk by the sea"
          autosize
          minRows={1}
          maxRows={4}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={() => words !== search.text && onChange({ text: words })}
        />
        <Limits search={search} onChange={onChange} />
        <Switch
          label="Even what is in the laundry"
          checked={search.laundry === true}
          onChange={({ currentTarget }) =>
            onChange({ laundry: currentTarget.checked || undefined })
          }
        />
        <Button
          type="submit"
          size="md"
          loading={isBusy}
          leftSection={<IconSparkles size={19} aria-hidden />}
        >
          Suggest outfits
        </Button>
      </Stack>
    </form>
  );
}
