import { Input, SegmentedControl } from '@mantine/core';

import type { Item } from '@/api/types';
import { useChangeItem } from '@/features/wardrobe/api';

const PLACES: { value: Item['whereabouts']; label: string }[] = [
  { value: 'at-hand', label: 'At hand' },
  { value: 'lent', label: 'Lent' },
  { value: 'packed', label: 'Packed' },
];

/** What is lent or in a suitcase cannot be worn today. */
export function Whereabouts({ item }: { item: Item }) {
  const change = useChangeItem(item.id);
  return (
    <Input.Wrapper
      label="Where is it?"
      description="What is lent or packed is left out of suggestions"
      labelElement="div"
    >
      <SegmentedControl
        mt={8}
        fullWidth
        aria-label="Where is it?"
        data={PLACES}
        value={item.whereabouts}
        disabled={change.isPending}
        onChange={(whereabouts) => change.mutate({ whereabouts })}
      />
    </Input.Wrapper>
  );
}
