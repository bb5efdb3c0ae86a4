/**
 * Every code that a {@link HallpassError} can carry: a closed union, safe to `switch` on.
 * Misuse by the programmer is a plain `TypeError` and never one of these; policy is a `Verdict`.
 */
export type ErrorCode =
  // client: redirects
  | 'too-many-redirects'
  | 'redirect-loop'
  | 'redirect-wait'
  | 'bad-location'
  | 'redirect-refused'
  | 'redirect-reflects-secret'
  | 'one-shot-body'
  | 'opaque-redirect'
  | 'transport-followed'
  // client: wire
  | 'timeout'
  | 'network'
  | 'address-refused'
  | 'body-too-large'
  | 'integrity-mismatch'
  | 'empty-body'
  | 'invalid-body'
  | 'http-status'
  | 'credential-failed'
  // cookies and seals
  | 'jar-unusable'
  | 'cookie-parameter'
  | 'seal-unknown-key'
  | 'seal-broken'
  | 'seal-expired'
  // sessions and stores
  | 'session-gone'
  | 'session-conflict'
  | 'store-unavailable'
  | 'store-unusable'
  // server
  | 'unauthenticated'
  | 'stale-authentication'
  | 'csrf-refused'
  | 'prefetch-refused'
  | 'too-many-attempts'
  | 'bad-request';

/**
 * Base of every wire and system failure. The message never holds a secret's value.
 *
 * @example
 * ```ts
 * import { HallpassError } from 'hallpass';
 * import { generateKey, keyRing, open } from 'hallpass/seal';
 *
 * try {
 *   await open(keyRing(generateKey()), 'invitation', 'not sealed at all');
 * } catch (error) {
 *   if (!(error instanceof HallpassError)) throw error;
 *   console.log(error.code); // → seal-broken
 * }
 * ```
 */
export class HallpassError extends Error {
  /** Stable, machine-readable cause. */
  readonly code: ErrorCode;
  /** The command that says what the code means and what to do. Whoever prints the error sees it; no answer of an {@link HttpError} has it. */
  readonly why: string;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.why = `npx hallpass why ${code}`;
  }
}

/**
 * A failure that has an HTTP answer: frameworks that know `status`, `statusCode` or `getResponse()` send it as it is. It has the
 * shape of the package http-errors too, by which Koa and NestJS tell an answer from a fault.
 *
 * @example
 * ```ts
 * import { HttpError } from 'hallpass';
 *
 * const error = new HttpError('unauthenticated', 401, 'Sign in first.');
 * const response = error.getResponse();
 * console.log(response.status, await response.text()); // → 401 {"error":"unauthenticated","message":"Sign in first."}
 * ```
 */
export class HttpError extends HallpassError {
  /** HTTP status code of the answer. */
  readonly status: number;
  /** The same number under the name that Express and Fastify read. */
  readonly statusCode: number;
  /** True below 500: the sentence is for the client. http-errors' word. */
  readonly expose: boolean;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    status: number,
    message: string,
    options?: { cause?: unknown; headers?: Record<string, string> },
  ) {
    super(code, message, options);
    this.status = status;
    this.statusCode = status;
    this.expose = status < 500;
    this.#headers = options?.headers ?? {};
  }

  /** The headers of the answer, under the name that Express and Fastify read. */
  get headers(): Readonly<Record<string, string>> {
    return { 'cache-control': 'no-store', ...this.#headers };
  }

  /** The JSON body of the answer: the code, and the sentence that says what to do. */
  get body(): object {
    return { error: this.code, message: this.message };
  }

  /** A fresh `Response` for this failure. */
  getResponse(): Response {
    return Response.json(this.body, {
      status: this.status,
      headers: this.headers,
    });
  }
}

/**
 * Calls a listener, whose failures are its own: neither a throw nor a rejection of it reaches the caller.
 * The promise is what it still does, and never rejects; undefined when it is done.
 */
export function notify(listener: () => unknown): Promise<unknown> | undefined {
  try {
    const work = listener() as PromiseLike<unknown> | null | undefined;
    return typeof work?.then === 'function' ? Promise.resolve(work).catch(() => {}) : undefined;
  } catch {
    return undefined;
  }
}
