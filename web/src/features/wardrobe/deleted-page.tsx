import { Button, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';

import { itemsQuery } from '@/api/garments';
import type { Item } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { GarmentPhoto } from '@/components/garment-photo';
import { LoadMore } from '@/components/load-more';
import { PageHeader } from '@/components/page-header';
import { PhotoGrid, PhotoGridSkeleton } from '@/components/photo-grid';
import { ProblemNote } from '@/components/problem-note';
import { useRestoreItem } from '@/features/wardrobe/api';
import { countOf, sentenceCase } from '@/lib/format';

const KEPT_DAYS = 30;

function daysLeft(deletedAt: string): number {
  const passed = (Date.now() - new Date(deletedAt).getTime()) / 86_400_000;
  return Math.max(0, Math.ceil(KEPT_DAYS - passed));
}

function DeletedGarment({ item }: { item: Item }) {
  const restore = useRestoreItem();
  return (
    <li>
      <div style={{ aspectRatio: '4 / 5', borderRadius: 16, overflow: 'hidden', opacity: 0.75 }}>
        <GarmentPhoto item={item} />
      </div>
      <Text size="sm" fw={600} mt={8} truncate>
        {sentenceCase(item.name)}
      </Text>
      {item.deleted_at && (
        <Text size="xs" c="dimmed">
          {countOf(daysLeft(item.deleted_at), 'day')} left
        </Text>
      )}
      <Button
        size="xs"
        mt={6}
        fullWidth
        variant="default"
        loading={restore.isPending}
        onClick={() => restore.mutate(item.id)}
        aria-label={`Restore ${item.name}`}
      >
        Restore
      </Button>
    </li>
  );
}

export function DeletedPage() {
  const items = useInfiniteQuery(itemsQuery({ deleted: true }));
  const garments = items.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Recently deleted"
        lead={`Kept for ${KEPT_DAYS} days after their deletion, then gone for good.`}
      />
      {items.isPending && <PhotoGridSkeleton count={6} />}
      {items.isError && garments.length === 0 && (
        <ProblemNote error={items.error} onRetry={items.refetch} />
      )}
      {items.isSuccess && garments.length === 0 && (
        <EmptyState icon={<IconTrash size={32} stroke={1.4} />} title="Nothing was deleted">
          Garments that you delete wait here in case you change your mind.
        </EmptyState>
      )}
      <PhotoGrid label="Deleted garments">
        {garments.map((item) => (
          <DeletedGarment key={item.id} item={item} />
        ))}
      </PhotoGrid>
      <LoadMore list={items} />
    </>
  );
}
