import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Problem, problemFromBody, unreachable } from '@/api/problem';
import type { UploadReport } from '@/api/types';
import type { UploadOptions } from '@/api/upload';
import { MAX_PHOTO_BYTES, tally, UploadQueue } from '@/features/wardrobe/upload-queue';
import { anItem } from '@/testing/fixtures';

const photo = (name: string) => new File(['pixels'], name, { type: 'image/jpeg' });
const created = (id: string): UploadReport => ({
  results: [{ file_name: id, result: 'created', item: anItem({ id, state: 'pending' }) }],
});

/** A network whose answers the test gives by hand. */
function network() {
  const calls: {
    file: File;
    options: UploadOptions;
    resolve: (report: UploadReport) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const send = (file: File, options: UploadOptions) =>
    new Promise<UploadReport>((resolve, reject) => calls.push({ file, options, resolve, reject }));
  return { calls, send };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const statuses = (queue: UploadQueue) => queue.snapshot().map((row) => row.status);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the upload queue', () => {
  it('sends three photos at a time', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send });
    queue.add(['1', '2', '3', '4', '5'].map(photo));
    expect(calls).toHaveLength(3);
    calls[0]?.resolve(created('a'));
    await settle();
    expect(calls).toHaveLength(4);
    expect(statuses(queue)).toEqual([
      'recognising',
      'uploading',
      'uploading',
      'uploading',
      'waiting',
    ]);
  });

  it('follows a photo until it is ready', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send });
    queue.add([photo('1')]);
    calls[0]?.options.onProgress(0.5);
    expect(tally(queue.snapshot()).progress).toBe(0.25);
    calls[0]?.resolve(created('a'));
    await settle();
    queue.note({ id: 'a', state: 'processing' });
    expect(statuses(queue)).toEqual(['recognising']);
    queue.note({ id: 'a', state: 'ready' });
    expect(tally(queue.snapshot())).toMatchObject({ done: 1, active: 0, progress: 1 });
  });

  it('does not miss an event that overtook the answer', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send });
    queue.add([photo('1')]);
    queue.note({ id: 'a', state: 'failed', failure: 'the photo shows no garment' });
    calls[0]?.resolve(created('a'));
    await settle();
    expect(queue.snapshot()[0]).toMatchObject({
      status: 'problem',
      problem: 'the photo shows no garment',
    });
  });

  it('lets one bad photo spoil nothing for the others', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send });
    queue.add([photo('good'), photo('bad')]);
    calls[1]?.reject(problemFromBody(422, JSON.stringify({ detail: 'not an image' })));
    calls[0]?.resolve(created('a'));
    await settle();
    expect(queue.snapshot().map((row) => row.problem)).toEqual([undefined, 'not an image']);
    expect(statuses(queue)).toEqual(['recognising', 'problem']);
  });

  it('shows what the server rejected and what it has already', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send });
    queue.add([photo('1'), photo('2')]);
    calls[0]?.resolve({
      results: [
        {
          file_name: '1',
          result: 'rejected',
          problem: {
            type: 't',
            title: 'Too large',
            status: 413,
            detail: '60 megapixels',
            request_id: 'r',
          },
        },
      ],
    });
    calls[1]?.resolve({ results: [{ file_name: '2', result: 'duplicate', item: anItem() }] });
    await settle();
    expect(statuses(queue)).toEqual(['problem', 'duplicate']);
    expect(queue.snapshot()[0]?.problem).toBe('60 megapixels');
  });

  it('does not even send what is empty or too large', () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send });
    const large = photo('large');
    Object.defineProperty(large, 'size', { value: MAX_PHOTO_BYTES + 1 });
    queue.add([new File([], 'empty'), large]);
    expect(calls).toHaveLength(0);
    expect(statuses(queue)).toEqual(['problem', 'problem']);
  });
});

describe('a network that fails', () => {
  it('is tried again with the same key, after a while', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send, retryMs: 1000 });
    queue.add([photo('1')]);
    calls[0]?.reject(unreachable());
    await settle();
    expect(statuses(queue)).toEqual(['waiting']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls).toHaveLength(2);
    expect(calls[1]?.options.idempotencyKey).toBe(calls[0]?.options.idempotencyKey);
  });

  it('is given the time the server asks for', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send, retryMs: 10 });
    queue.add([photo('1')]);
    const busy = { type: 'busy', title: 'Busy', status: 503, retryAfterSeconds: 5 };
    calls[0]?.reject(new Problem(busy));
    await vi.advanceTimersByTimeAsync(4900);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(calls).toHaveLength(2);
  });

  it('ends as a problem that the person can retry, still with the same key', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send, retryMs: 1 });
    queue.add([photo('1')]);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      calls[attempt]?.reject(unreachable());
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(statuses(queue)).toEqual(['problem']);
    queue.retry(queue.snapshot()[0]?.id ?? '');
    expect(calls).toHaveLength(5);
    expect(calls[4]?.options.idempotencyKey).toBe(calls[0]?.options.idempotencyKey);
  });

  it('takes a new key once the server has refused the old one', async () => {
    const { calls, send } = network();
    const queue = new UploadQueue({ send });
    queue.add([photo('1')]);
    calls[0]?.reject(problemFromBody(422, '{}'));
    await settle();
    queue.retry(queue.snapshot()[0]?.id ?? '');
    expect(calls[1]?.options.idempotencyKey).not.toBe(calls[0]?.options.idempotencyKey);
  });
});

it('stops an upload that is taken away, and goes on with the next', async () => {
  const { calls, send } = network();
  const queue = new UploadQueue({ send, parallel: 1 });
  queue.add([photo('1'), photo('2')]);
  calls[0]?.options.signal.addEventListener('abort', () =>
    calls[0]?.reject(new DOMException('cancelled', 'AbortError')),
  );
  queue.remove(queue.snapshot()[0]?.id ?? '');
  await settle();
  expect(calls.map((call) => call.file.name)).toEqual(['1', '2']);
  expect(statuses(queue)).toEqual(['uploading']);
});

it('forgets what went well, and keeps what needs the person', async () => {
  const { calls, send } = network();
  const queue = new UploadQueue({ send });
  queue.add([photo('1'), photo('2')]);
  calls[0]?.reject(problemFromBody(422, '{}'));
  calls[1]?.resolve({ results: [{ file_name: '2', result: 'duplicate', item: anItem() }] });
  await settle();
  queue.clearFinished();
  expect(statuses(queue)).toEqual(['problem']);
});
