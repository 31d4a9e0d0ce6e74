import { Button, Group, Text } from '@mantine/core';

import type { Reason } from '@/api/types';

import classes from './dislike-reasons.module.css';

const REASONS: { value: Reason; label: string }[] = [
  { value: 'colour', label: 'The colours' },
  { value: 'not_together', label: 'Not together' },
  { value: 'too_warm', label: 'Too warm' },
  { value: 'too_cold', label: 'Too cold' },
  { value: 'too_formal', label: 'Too formal' },
  { value: 'fit', label: 'Does not fit well' },
  { value: 'worn_recently', label: 'Worn recently' },
];

interface Props {
  /** Another idea will take the place of this one. */
  isReplaced: boolean;
  isBusy: boolean;
  onChoose: (reason?: Reason) => void;
}

/** A reason teaches more than a thumb, but nobody has to give one. */
export function DislikeReasons({ isReplaced, isBusy, onChoose }: Props) {
  return (
    <div className={classes.reasons} role="group" aria-label="Why not?">
      <Text size="sm" fw={600} mb={8}>
        What is it?{isReplaced && ' You get another idea either way.'}
      </Text>
      <Group gap={7}>
        {REASONS.map(({ value, label }) => (
          <Button
            key={value}
            size="compact-sm"
            variant="default"
            disabled={isBusy}
            onClick={() => onChoose(value)}
          >
            {label}
          </Button>
        ))}
        <Button size="compact-sm" variant="light" disabled={isBusy} onClick={() => onChoose()}>
          No reason
        </Button>
      </Group>
    </div>
  );
}
