// The event stream of the wardrobe: which photo is being recognised, which is done.
import type { ItemState } from '@/api/types';

export interface ItemEvent {
  id: string;
  state: ItemState;
  failure?: string;
}

export interface ItemEventHandlers {
  onItem: (event: ItemEvent) => void;
  /** The stream is open after a gap: events may have been missed. */
  onReopened: () => void;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

export function parseItemEvent(data: string): ItemEvent | null {
  try {
    const value = JSON.parse(data) as Partial<ItemEvent> | null;
    if (!value || typeof value.id !== 'string' || typeof value.state !== 'string') return null;
    return { id: value.id, state: value.state, failure: value.failure ?? undefined };
  } catch {
    return null;
  }
}

/** Follows the stream until the returned function is called. */
export function followItems(handlers: ItemEventHandlers): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;
  let wasOpen = false;

  const open = () => {
    source = new EventSource('/api/wardrobe/events');
    source.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      if (wasOpen) handlers.onReopened();
      wasOpen = true;
    });
    source.addEventListener('item', (message: MessageEvent<string>) => {
      const event = parseItemEvent(message.data);
      if (event) handlers.onItem(event);
    });
    source.addEventListener('error', () => {
      // The browser reconnects by itself after a cut, but gives up for good on an HTTP error.
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    });
  };

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
