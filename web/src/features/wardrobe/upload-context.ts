import { createContext, useContext, useSyncExternalStore } from 'react';

import type { UploadQueue } from '@/features/wardrobe/upload-queue';

export const UploadContext = createContext<UploadQueue | null>(null);

export function useUploadQueue(): UploadQueue {
  const queue = useContext(UploadContext);
  if (!queue) throw new Error('there is no UploadProvider above');
  return queue;
}

export function useUploadRows() {
  const queue = useUploadQueue();
  return useSyncExternalStore(queue.subscribe, queue.snapshot);
}
