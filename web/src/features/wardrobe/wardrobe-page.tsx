import { Button, Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconHanger, IconPhotoPlus, IconZoomQuestion } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { itemsQuery, summaryQuery } from '@/api/garments';
import { EmptyState } from '@/components/empty-state';
import { GarmentCard } from '@/components/garment-card';
import { LoadMore } from '@/components/load-more';
import { PageHeader } from '@/components/page-header';
import { PhotoGrid, PhotoGridSkeleton } from '@/components/photo-grid';
import { ProblemNote } from '@/components/problem-note';
import { useUploadQueue } from '@/features/wardrobe/upload-context';
import { tellRejected, UploadDialog } from '@/features/wardrobe/upload-dialog';
import { PHOTO_TYPES } from '@/features/wardrobe/upload-queue';
import { WardrobeFilters } from '@/features/wardrobe/wardrobe-filters';
import { countOf } from '@/lib/format';
import type { WardrobeSearch } from '@/lib/url-state';

function EmptyWardrobe({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState
      icon={<IconHanger size={34} stroke={1.4} />}
      title="Your wardrobe is still empty"
      action={
        <Button size="md" onClick={onAdd} leftSection={<IconPhotoPlus size={20} aria-hidden />}>
          Add the first photos
        </Button>
      }
    >
      Photograph a dozen pieces you like to wear: tops, trousers, shoes, a jacket. FlashFit
      recognises them, and then you can ask what to wear.
    </EmptyState>
  );
}

export function WardrobePage() {
  const search = useSearch({ from: '/signed-in/wardrobe' });
  const navigate = useNavigate({ from: '/wardrobe' });
  const queue = useUploadQueue();
  const { add, ...filters } = search;
  const items = useInfiniteQuery(itemsQuery(filters));
  const summary = useQuery(summaryQuery);
  const garments = items.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  const isEmpty = items.isSuccess && garments.length === 0;
  const show = (change: Partial<WardrobeSearch>) =>
    navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  const openUpload = () => navigate({ search: (previous) => ({ ...previous, add: true }) });

  return (
    <>
      <PageHeader
        title="Wardrobe"
        lead={
          summary.data &&
          summary.data.total > 0 && (
            <>
              {countOf(summary.data.total, 'garment')}
              {summary.data.processing > 0 && `, ${summary.data.processing} being recognised`}
            </>
          )
        }
        actions={
          <Button onClick={openUpload} leftSection={<IconPhotoPlus size={18} aria-hidden />}>
            Add photos
          </Button>
        }
      />
      {(summary.data?.total ?? 0) > 0 && (
        <WardrobeFilters search={filters} summary={summary.data} onChange={show} />
      )}
      {items.isPending && <PhotoGridSkeleton />}
      {items.isError && garments.length === 0 && (
        <ProblemNote error={items.error} onRetry={items.refetch} />
      )}
      {isEmpty && !isFiltered && <EmptyWardrobe onAdd={openUpload} />}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={<IconZoomQuestion size={34} stroke={1.4} />}
          title="Nothing like that"
          action={
            <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
              Show everything
            </Button>
          }
        >
          No garment fits all these filters together.
        </EmptyState>
      )}
      {garments.length > 0 && (
        <PhotoGrid label="Garments">
          {garments.map((item) => (
            <li key={item.id}>
              <GarmentCard item={item} />
            </li>
          ))}
        </PhotoGrid>
      )}
      <LoadMore list={items} />
      <UploadDialog
        isOpen={add === true}
        onClose={() => navigate({ search: (previous) => ({ ...previous, add: undefined }) })}
      />
      <Dropzone.FullScreen
        active={!add}
        accept={PHOTO_TYPES}
        onDrop={(files) => {
          queue.add(files);
          void openUpload();
        }}
        onReject={(rejections) => tellRejected(rejections.map(({ file }) => file.name))}
      >
        <Group justify="center" mih={240} style={{ pointerEvents: 'none' }}>
          <IconPhotoPlus size={44} stroke={1.2} aria-hidden />
          <Text fz="lg" fw={600}>
            Drop the photos to add them
          </Text>
        </Group>
      </Dropzone.FullScreen>
    </>
  );
}
