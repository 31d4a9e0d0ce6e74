import { Box, Button, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { itemQuery } from '@/api/garments';
import { toProblem } from '@/api/problem';
import type { Item } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { GarmentCard } from '@/components/garment-card';
import { GarmentPhoto } from '@/components/garment-photo';
import { TextLink } from '@/components/links';
import { PageHeader } from '@/components/page-header';
import { PhotoGrid } from '@/components/photo-grid';
import { ProblemNote } from '@/components/problem-note';
import { ColourShares } from '@/components/swatches';
import { similarQuery, useChangeItem, useRestoreItem } from '@/features/wardrobe/api';
import { ItemActions } from '@/features/wardrobe/item-actions';
import { ItemRecognition } from '@/features/wardrobe/item-recognition';
import { Whereabouts } from '@/features/wardrobe/whereabouts';
import { countOf, formatAgo, formatDate, formatProbability, sentenceCase } from '@/lib/format';

import classes from './item-page.module.css';

function wearing(item: Item): string {
  if (item.wears === 0 || !item.last_worn_at) return 'Not worn yet, as far as FlashFit knows';
  return `Worn ${countOf(item.wears, 'time')}, last ${formatAgo(item.last_worn_at)}`;
}

function Laundry({ item }: { item: Item }) {
  const change = useChangeItem(item.id);
  return (
    <Switch
      label="In the laundry"
      description="Left out of suggestions until it is clean again"
      checked={!item.is_clean}
      disabled={change.isPending}
      onChange={(event) => change.mutate({ is_clean: !event.currentTarget.checked })}
    />
  );
}

/** Below this a likeness is none: in a small wardrobe something always comes nearest. */
const ALIKE = 0.35;

function Similar({ id }: { id: string }) {
  const similar = useQuery(similarQuery(id));
  const alike = similar.data?.items.filter(({ similarity }) => similarity >= ALIKE) ?? [];
  if (alike.length === 0) return null;
  return (
    <Box component="section" mt={48} aria-labelledby="similar">
      <Title order={2} id="similar" mb="md">
        Looks alike
      </Title>
      <PhotoGrid label="Similar garments">
        {alike.map(({ item, similarity }) => (
          <li key={item.id}>
            <GarmentCard item={item} note={`${formatProbability(similarity)} alike`} />
          </li>
        ))}
      </PhotoGrid>
    </Box>
  );
}

function Deleted({ item }: { item: Item }) {
  const restore = useRestoreItem();
  return (
    <EmptyState
      icon={<IconArrowLeft size={30} />}
      title="This garment is deleted"
      action={
        <Button loading={restore.isPending} onClick={() => restore.mutate(item.id)}>
          Restore it
        </Button>
      }
    >
      It is kept for 30 days after its deletion.
    </EmptyState>
  );
}

function Garment({ item }: { item: Item }) {
  return (
    <>
      <div className={classes.page}>
        <a
          className={classes.photo}
          href={item.images.photo}
          target="_blank"
          rel="noreferrer"
          aria-label="Open the photo in full size"
          style={{ aspectRatio: `${item.width || 4} / ${item.height || 5}` }}
        >
          <GarmentPhoto item={item} size="large" isEager />
        </a>
        <Stack gap="xl" className={classes.facts}>
          <div>
            <PageHeader
              title={sentenceCase(item.name)}
              lead={item.caption && sentenceCase(item.caption)}
            />
            <ItemActions item={item} />
          </div>
          <ItemRecognition item={item} />
          {item.colours.length > 0 && (
            <section aria-labelledby="colours">
              <Title order={2} id="colours" mb="sm">
                Colours
              </Title>
              <ColourShares colours={item.colours} />
            </section>
          )}
          <Laundry item={item} />
          <Whereabouts item={item} />
          <Text size="sm" c="dimmed">
            {wearing(item)}. Added {formatDate(item.created_at)}
            {item.pack && `, recognised by ${item.pack}`}.
          </Text>
        </Stack>
      </div>
      {item.state === 'ready' && <Similar id={item.id} />}
    </>
  );
}

export function ItemPage() {
  const { itemId } = useParams({ from: '/signed-in/wardrobe/$itemId' });
  const item = useQuery(itemQuery(itemId));
  return (
    <>
      <TextLink
        to="/wardrobe"
        size="sm"
        mb="md"
        display="inline-flex"
        style={{ alignItems: 'center', gap: 6 }}
      >
        <IconArrowLeft size={16} aria-hidden /> Wardrobe
      </TextLink>
      {item.isPending && <Skeleton h={420} radius="lg" />}
      {item.isError && toProblem(item.error).isNotFound && (
        <EmptyState icon={<IconArrowLeft size={30} />} title="No such garment">
          It may have been deleted for good, or it never was in your wardrobe.
        </EmptyState>
      )}
      {item.isError && !toProblem(item.error).isNotFound && (
        <ProblemNote error={item.error} onRetry={item.refetch} />
      )}
      {item.data?.deleted_at && <Deleted item={item.data} />}
      {item.data && !item.data.deleted_at && <Garment item={item.data} />}
    </>
  );
}
