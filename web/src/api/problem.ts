// The one error the app knows: what the server said went wrong, or that it could not be reached.

interface ProblemInit {
  type: string;
  title: string;
  status: number;
  detail?: string;
  requestId?: string;
  retryAfterSeconds?: number;
}

export class Problem extends Error {
  readonly type: string;
  readonly title: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly detail: string;
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;

  constructor(init: ProblemInit) {
    super(init.detail || init.title);
    this.name = 'Problem';
    this.type = init.type;
    this.title = init.title;
    this.status = init.status;
    this.detail = init.detail || init.title;
    this.requestId = init.requestId;
    this.retryAfterSeconds = init.retryAfterSeconds;
  }

  /** Whether the same request may succeed later without the person changing anything. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const FALLBACKS: Record<number, string> = {
  401: 'You are signed out',
  403: 'You may not do this',
  404: 'This does not exist',
  413: 'This is too large for the server',
  429: 'Too many requests at once: wait a moment',
  502: 'The server is not answering',
  503: 'The server is busy: try again in a moment',
  504: 'The server took too long to answer',
};

/** Reads a Problem from a failed answer, whatever its body turned out to be (a proxy may send HTML). */
export function problemFromBody(status: number, body: string, headers?: Headers): Problem {
  let json: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed !== null && typeof parsed === 'object') json = parsed as Record<string, unknown>;
  } catch {
    // Not JSON: the status is all there is.
  }
  const fallback =
    FALLBACKS[status] ?? (status >= 500 ? 'The server failed' : 'The request was refused');
  const retryAfter = Number(headers?.get('retry-after') ?? NaN);
  return new Problem({
    type: text(json.type) ?? 'about:blank',
    // The server's title is the status in the words of HTTP, which tell people nothing.
    title: fallback,
    status,
    // Prometheus, whose answers some routes give, says `error`.
    detail: text(json.detail) ?? text(json.error),
    requestId: text(json.request_id) ?? headers?.get('x-request-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
  });
}

export async function problemFromResponse(response: Response): Promise<Problem> {
  const body = await response.text().catch(() => '');
  return problemFromBody(response.status, body, response.headers);
}

export function unreachable(): Problem {
  return new Problem({
    type: 'unreachable',
    title: 'FlashFit cannot be reached',
    status: 0,
    detail: 'FlashFit cannot be reached: check the connection and try again',
  });
}

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ type: 'unexpected', title: 'Something went wrong', status: -1, detail });
}
