import { Alert, Button, Group, Loader, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { vocabularyQuery } from '@/api/garments';
import type { Item } from '@/api/types';
import { useChangeItem, useReprocess } from '@/features/wardrobe/api';
import { noGarment, shownAttributes } from '@/features/wardrobe/attribute-options';
import { AttributeRow } from '@/features/wardrobe/attribute-row';
import { certaintyWord, formatProbability } from '@/lib/format';

/** Says plainly that the photo shows something else, and takes a correction. */
function NoGarment(props: { item: Item; isBusy: boolean; onCorrect: () => void }) {
  const said = noGarment(props.item);
  if (!said) return null;
  const why =
    said.source === 'person'
      ? 'You said so.'
      : `FlashFit is ${certaintyWord(said.probability ?? 0)} (${formatProbability(said.probability ?? 0)}).`;
  return (
    <Alert
      color="saffron"
      mb="md"
      icon={<IconAlertTriangle aria-hidden />}
      title="This does not look like a garment"
    >
      <Text size="sm">
        {why}
        {said.is_sure && ' Outfits leave it out.'}
      </Text>
      <Button
        size="xs"
        mt="sm"
        variant="default"
        loading={props.isBusy}
        onClick={props.onCorrect}
      >
        It is a garment
      </Button>
    </Alert>
  );
}

/** What was recognised and how sure, each line open to correction. */
export function ItemRecognition({ item }: { item: Item }) {
  const { data: vocabulary } = useQuery(vocabularyQuery);
  const change = useChangeItem(item.id);
  const reprocess = useReprocess();

  if (item.state === 'pending' || item.state === 'processing') {
    return (
      <Group gap="sm" role="status">
        <Loader size="sm" aria-hidden />
        <Text>{item.state === 'pending' ? 'Waiting to be recognised' : 'Being recognised'}…</Text>
      </Group>
    );
  }
  if (item.state === 'failed') {
    return (
      <Alert
        color="red"
        icon={<IconAlertTriangle aria-hidden />}
        title="This photo could not be recognised"
      >
        <Text size="sm">{item.failure ?? 'No reason is known.'}</Text>
        <Button
          size="xs"
          mt="sm"
          variant="default"
          loading={reprocess.isPending}
          onClick={() => reprocess.mutate(item.id)}
        >
          Try again
        </Button>
      </Alert>
    );
  }
  const attributes = shownAttributes(item);
  return (
    <section aria-labelledby="recognised">
      <NoGarment
        item={item}
        isBusy={change.isPending}
        onCorrect={() => change.mutate({ attributes: { garment: 'garment' } })}
      />
      <Title order={2} id="recognised">
        What FlashFit sees
      </Title>
      <Text size="sm" c="dimmed" mt={4} mb={4}>
        A percentage says how sure it is. What you correct is yours, and stays.
      </Text>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {attributes.map((attribute) => (
          <AttributeRow
            key={attribute.name}
            attribute={attribute}
            vocabulary={vocabulary}
            isBusy={change.isPending}
            onCorrect={(value) => change.mutate({ attributes: { [attribute.name]: value } })}
          />
        ))}
      </ul>
    </section>
  );
}
