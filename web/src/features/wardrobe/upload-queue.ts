// Photos on their way to the wardrobe: a few at a time, one request each, followed until recognised.
// Knows no React and no network: `send` does the sending, `subscribe` tells that rows changed.
import type { ItemEvent } from '@/api/events';
import { type Problem, toProblem } from '@/api/problem';
import type { UploadReport } from '@/api/types';
import type { UploadOptions } from '@/api/upload';
import { formatBytes } from '@/lib/format';
import { randomId } from '@/lib/random-id';

export type UploadStatus =
  'waiting' | 'uploading' | 'recognising' | 'ready' | 'duplicate' | 'problem';

export interface UploadRow {
  readonly id: string;
  readonly file: File;
  readonly status: UploadStatus;
  /** 0..1, of the bytes. */
  readonly progress: number;
  readonly itemId?: string;
  readonly problem?: string;
  readonly requestId?: string;
}

export type Send = (photo: File, options: UploadOptions) => Promise<UploadReport>;

interface Settings {
  send: Send;
  /** The server took a photo, or said that it has it. */
  onStored?: () => void;
  parallel?: number;
  retryMs?: number;
}

export const MAX_PHOTO_BYTES = 20 * 1000 * 1000;
export const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp'];
const MAX_ATTEMPTS = 4;

const isOver = (status: UploadStatus) =>
  status === 'ready' || status === 'duplicate' || status === 'problem';

export class UploadQueue {
  private rows: readonly UploadRow[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly seen = new Map<string, ItemEvent>();
  private readonly keys = new Map<string, { key: string; attempts: number }>();
  private readonly aborts = new Map<string, AbortController>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly settings: Required<Settings>;

  constructor(settings: Settings) {
    this.settings = { parallel: 3, retryMs: 1_000, onStored: () => undefined, ...settings };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = () => this.rows;

  add(files: readonly File[]): void {
    const rows = files.map((file): UploadRow => {
      const id = randomId();
      const problem = refusal(file);
      if (problem) return { id, file, status: 'problem', progress: 0, problem };
      this.keys.set(id, { key: randomId(), attempts: 0 });
      return { id, file, status: 'waiting', progress: 0 };
    });
    this.rows = [...this.rows, ...rows];
    this.changed();
    this.pump();
  }

  /** Sends a photo again that had a problem. The key is new unless the server may have got the first one. */
  retry(id: string): void {
    const row = this.rows.find((one) => one.id === id);
    if (row?.status !== 'problem' || refusal(row.file)) return;
    const key = row.requestId ? randomId() : (this.keys.get(id)?.key ?? randomId());
    this.keys.set(id, { key, attempts: 0 });
    this.patch(id, { status: 'waiting', progress: 0, problem: undefined, requestId: undefined });
    this.pump();
  }

  /** Takes a row away, stopping its upload when one runs. */
  remove(id: string): void {
    this.aborts.get(id)?.abort();
    this.rows = this.rows.filter((row) => row.id !== id);
    this.changed();
  }

  /** Forgets the rows that are over and need nobody. */
  clearFinished(): void {
    this.rows = this.rows.filter((row) => row.status === 'problem' || !isOver(row.status));
    this.changed();
  }

  /** What the event stream (or a look at the item) says about a garment. */
  note(event: ItemEvent): void {
    this.seen.set(event.id, event);
    const row = this.rows.find((one) => one.itemId === event.id);
    if (row?.status === 'recognising') this.settle(row.id, event);
  }

  /** Stops everything and forgets it: the person signed out, or has seen it all. */
  reset(): void {
    for (const abort of this.aborts.values()) abort.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.rows = [];
    this.seen.clear();
    this.keys.clear();
    this.changed();
  }

  private pump(): void {
    const running = this.rows.filter((row) => row.status === 'uploading').length;
    const next = this.rows.filter((row) => row.status === 'waiting' && !this.isPaused(row.id));
    for (const row of next.slice(0, Math.max(0, this.settings.parallel - running))) {
      void this.upload(row);
    }
  }

  private readonly paused = new Set<string>();
  private isPaused(id: string): boolean {
    return this.paused.has(id);
  }

  private async upload(row: UploadRow): Promise<void> {
    const abort = new AbortController();
    const sending = this.keys.get(row.id) ?? { key: randomId(), attempts: 0 };
    this.keys.set(row.id, { ...sending, attempts: sending.attempts + 1 });
    this.aborts.set(row.id, abort);
    this.patch(row.id, { status: 'uploading', progress: 0 });
    try {
      const report = await this.settings.send(row.file, {
        onProgress: (progress) => this.patch(row.id, { progress }),
        signal: abort.signal,
        idempotencyKey: sending.key,
      });
      this.stored(row.id, report);
    } catch (error) {
      if (!abort.signal.aborted) this.failed(row.id, toProblem(error));
    } finally {
      this.aborts.delete(row.id);
      this.pump();
    }
  }

  private stored(id: string, report: UploadReport): void {
    const result = report.results[0];
    if (!result || result.result === 'rejected') {
      const problem = result?.problem;
      this.patch(id, {
        status: 'problem',
        problem: problem?.detail ?? problem?.title ?? 'The server refused this photo',
        requestId: problem?.request_id ?? 'answered',
      });
      return;
    }
    const itemId = result.item?.id;
    if (result.result === 'duplicate') {
      this.patch(id, { status: 'duplicate', progress: 1, itemId });
    } else {
      this.patch(id, { status: 'recognising', progress: 1, itemId });
      // The event may have overtaken the answer.
      const known = itemId ? this.seen.get(itemId) : undefined;
      if (known) this.settle(id, known);
      else if (result.item?.state === 'ready') this.patch(id, { status: 'ready' });
    }
    this.settings.onStored();
  }

  private failed(id: string, problem: Problem): void {
    const attempts = this.keys.get(id)?.attempts ?? MAX_ATTEMPTS;
    if (!problem.isTransient || attempts >= MAX_ATTEMPTS) {
      this.patch(id, {
        status: 'problem',
        problem: problem.detail,
        requestId: problem.status > 0 ? (problem.requestId ?? 'answered') : undefined,
      });
      return;
    }
    const asked = problem.retryAfterSeconds;
    const waitMs = asked ? asked * 1000 : this.settings.retryMs * 2 ** (attempts - 1);
    this.paused.add(id);
    this.patch(id, { status: 'waiting', progress: 0 });
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.paused.delete(id);
      this.pump();
    }, waitMs);
    this.timers.add(timer);
  }

  private settle(id: string, event: ItemEvent): void {
    if (event.state === 'ready') this.patch(id, { status: 'ready' });
    if (event.state === 'failed') {
      this.patch(id, { status: 'problem', problem: event.failure ?? 'It could not be recognised' });
    }
  }

  private patch(id: string, change: Partial<UploadRow>): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, ...change } : row));
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Why a photo need not even be sent. */
function refusal(file: File): string | undefined {
  if (file.size === 0) return 'This file is empty';
  if (file.size > MAX_PHOTO_BYTES) {
    return `This photo has ${formatBytes(file.size)}: at most ${formatBytes(MAX_PHOTO_BYTES)} go`;
  }
  return undefined;
}

export interface UploadTally {
  total: number;
  done: number;
  problems: number;
  active: number;
  /** 0..1 over all rows: sending is half of the way, recognising the other. */
  progress: number;
}

export function tally(rows: readonly UploadRow[]): UploadTally {
  const share = (row: UploadRow) => (isOver(row.status) ? 1 : row.progress / 2);
  const problems = rows.filter((row) => row.status === 'problem').length;
  const active = rows.filter((row) => !isOver(row.status)).length;
  return {
    total: rows.length,
    done: rows.length - active - problems,
    problems,
    active,
    progress: rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + share(row), 0) / rows.length,
  };
}
