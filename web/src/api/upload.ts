// Uploads go through XMLHttpRequest because fetch does not tell how far an upload has come.
import { CSRF_HEADERS } from '@/api/client';
import { problemFromBody, unreachable } from '@/api/problem';
import type { UploadReport } from '@/api/types';

export interface UploadOptions {
  /** Called with 0..1 while bytes leave. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
  idempotencyKey: string;
}

export function uploadPhoto(photo: File, options: UploadOptions): Promise<UploadReport> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open('POST', '/api/wardrobe');
    for (const [name, value] of Object.entries(CSRF_HEADERS)) request.setRequestHeader(name, value);
    request.setRequestHeader('Idempotency-Key', options.idempotencyKey);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const headers = new Headers();
      for (const name of ['x-request-id', 'retry-after']) {
        const value = request.getResponseHeader(name);
        if (value) headers.set(name, value);
      }
      if (request.status < 200 || request.status >= 300) {
        reject(problemFromBody(request.status, request.responseText, headers));
        return;
      }
      try {
        resolve(JSON.parse(request.responseText) as UploadReport);
      } catch {
        reject(problemFromBody(502, request.responseText, headers));
      }
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException('the upload was cancelled', 'AbortError'));
    request.onloadend = () => options.signal.removeEventListener('abort', abort);
    options.signal.addEventListener('abort', abort);

    const form = new FormData();
    form.append('photos', photo, photo.name);
    request.send(form);
  });
}
