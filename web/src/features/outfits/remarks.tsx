import { Alert, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import type { Slot } from '@/api/types';
import { joinWords, wordLabel } from '@/lib/format';

interface Props {
  missing: Slot[];
  notes: string[];
  /** What can be done about it. */
  action?: ReactNode;
}

/** What an answer could not do, and why. */
export function Remarks({ missing, notes, action }: Props) {
  if (missing.length === 0 && notes.length === 0) return null;
  return (
    <Alert color="saffron" icon={<IconInfoCircle aria-hidden />} role="note">
      {missing.length > 0 && (
        <Text size="sm">
          Your wardrobe has nothing suitable for:{' '}
          {joinWords(missing.map((slot) => wordLabel(slot).toLowerCase()))}.
        </Text>
      )}
      {notes.map((note) => (
        <Text key={note} size="sm">
          {note}
        </Text>
      ))}
      {action}
    </Alert>
  );
}
