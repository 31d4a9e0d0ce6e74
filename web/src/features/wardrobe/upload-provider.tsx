import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';

import { followItems, type ItemEvent } from '@/api/events';
import { itemQuery } from '@/api/garments';
import { uploadPhoto } from '@/api/upload';
import { placeItem, refreshGarments } from '@/features/wardrobe/api';
import { UploadContext } from '@/features/wardrobe/upload-context';
import { UploadQueue } from '@/features/wardrobe/upload-queue';

const POLL_MS = 4_000;

/** Keeps uploads running while the person walks through the app, and garments live as they are recognised. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const isVisible = useDocumentVisibility() !== 'hidden';
  const [queue] = useState(
    () => new UploadQueue({ send: uploadPhoto, onStored: () => void refreshGarments(queryClient) }),
  );

  useEffect(() => {
    const look = async (event: ItemEvent) => {
      queue.note(event);
      const item = await queryClient.fetchQuery({ ...itemQuery(event.id), staleTime: 0 });
      placeItem(queryClient, item);
      if (item.state === 'ready' || item.state === 'failed') await refreshGarments(queryClient);
    };
    // A hidden tab lets go of its connection: browsers grant only six to one server.
    if (!isVisible) return;
    return followItems({
      // A garment may be deleted before one looks: nothing to tell then.
      onItem: (event) => void look(event).catch(() => undefined),
      onReopened: () => void refreshGarments(queryClient),
    });
  }, [isVisible, queryClient, queue]);

  useEffect(() => {
    // The event stream tells sooner; this is for what it missed.
    const timer = setInterval(() => {
      for (const row of queue.snapshot()) {
        if (row.status !== 'recognising' || !row.itemId) continue;
        queryClient
          .fetchQuery({ ...itemQuery(row.itemId), staleTime: 0 })
          .then((item) => queue.note({ ...item, failure: item.failure ?? undefined }))
          .catch(() => undefined);
      }
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [queryClient, queue]);

  useEffect(() => () => queue.reset(), [queue]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      const isSending = queue
        .snapshot()
        .some((row) => row.status === 'waiting' || row.status === 'uploading');
      if (isSending) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [queue]);

  return <UploadContext value={queue}>{children}</UploadContext>;
}
