import { Button, Group, Progress, Select, Text } from '@mantine/core';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';

import type { Attribute, Vocabulary } from '@/api/types';
import { attributeLabel, attributeOptions } from '@/features/wardrobe/attribute-options';
import { attributeValueLabel, certaintyWord, formatProbability } from '@/lib/format';

import classes from './attribute-row.module.css';

interface Props {
  attribute: Attribute;
  vocabulary?: Vocabulary;
  isBusy: boolean;
  /** `null` takes the person's correction back. */
  onCorrect: (value: string | null) => void;
}

/** How sure the model is, said and drawn; or that the person said so. */
function Certainty({ attribute, isBusy, onCorrect }: Omit<Props, 'vocabulary'>) {
  if (attribute.source === 'person') {
    return (
      <Group gap={6} wrap="nowrap">
        <Text size="sm" fw={600} className={classes.yours}>
          Yours
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          disabled={isBusy}
          onClick={() => onCorrect(null)}
          aria-label={`Take back your correction of ${attributeLabel(attribute.name).toLowerCase()}`}
        >
          Take back
        </Button>
      </Group>
    );
  }
  const probability = attribute.probability ?? 0;
  return (
    <div className={classes.certainty}>
      <Progress
        value={probability * 100}
        size={6}
        color={attribute.is_sure ? undefined : 'saffron.5'}
        aria-hidden
      />
      <Text size="xs" c="dimmed">
        {formatProbability(probability)}
        <span className={classes.word}> · {certaintyWord(probability)}</span>
      </Text>
    </div>
  );
}

/** Asks when FlashFit is not sure; one press answers. */
function Question({ attribute, isBusy, onCorrect }: Omit<Props, 'vocabulary'>) {
  const others = attribute.alternatives
    .filter(({ value }) => value !== attribute.value)
    .slice(0, 3);
  const say = (value: string) => attributeValueLabel(attribute.name, value);
  return (
    <div className={classes.question} data-testid="question">
      <Text size="sm" fw={600} className={classes.ask}>
        Is this right?
      </Text>
      <Group gap={6}>
        <Button
          size="compact-sm"
          leftSection={<IconCheck size={14} aria-hidden />}
          disabled={isBusy}
          onClick={() => onCorrect(attribute.value)}
        >
          Yes, {say(attribute.value).toLowerCase()}
        </Button>
        {others.map(({ value, probability }) => (
          <Button
            key={value}
            size="compact-sm"
            variant="default"
            disabled={isBusy}
            onClick={() => onCorrect(value)}
          >
            {say(value)}
            <Text span size="xs" c="dimmed" ms={5}>
              {formatProbability(probability)}
            </Text>
          </Button>
        ))}
      </Group>
    </div>
  );
}

export function AttributeRow(props: Props) {
  const { attribute, vocabulary, isBusy, onCorrect } = props;
  const isAsking = !attribute.is_sure && attribute.source === 'model';
  return (
    <li className={classes.row} data-asking={isAsking || undefined}>
      <div className={classes.line}>
        <Select
          label={attributeLabel(attribute.name)}
          data={attributeOptions(attribute, vocabulary)}
          value={attribute.value}
          allowDeselect={false}
          searchable={attribute.name === 'category' || attribute.name === 'pattern'}
          disabled={isBusy}
          onChange={(value) => value && value !== attribute.value && onCorrect(value)}
          classNames={{ root: classes.select, label: classes.label }}
        />
        <Certainty {...props} />
      </div>
      {isAsking && <Question {...props} />}
    </li>
  );
}
