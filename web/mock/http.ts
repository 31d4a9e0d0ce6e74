// What the mock's answers are made of.
import type { IncomingMessage, ServerResponse } from 'node:http';

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function jsonOf<T>(request: IncomingMessage): Promise<T> {
  const text = (await bytesOf(request)).toString();
  return (text ? JSON.parse(text) : {}) as T;
}

export async function formOf(request: IncomingMessage): Promise<FormData> {
  const type = request.headers['content-type'] ?? '';
  const body = new Uint8Array(await bytesOf(request));
  return new Response(body, { headers: { 'content-type': type } }).formData();
}

export function send(response: ServerResponse, status: number, body?: unknown): void {
  response.statusCode = status;
  if (body === undefined) {
    response.end();
    return;
  }
  const isProblem = status >= 400;
  response.setHeader('content-type', isProblem ? 'application/problem+json' : 'application/json');
  response.end(JSON.stringify(body));
}

export function refuse(response: ServerResponse, error: unknown): void {
  const refusal =
    error instanceof Refusal ? error : new Refusal(500, 'The mock failed', String(error));
  send(response, refusal.status, {
    type: `/problems/${refusal.title.toLowerCase().replaceAll(' ', '-')}`,
    title: refusal.title,
    status: refusal.status,
    detail: refusal.detail,
    request_id: 'mock-0001',
  });
}
