import { type ErrorCode, HallpassError } from '../errors.ts';
import { CallTrace, redactFor } from './trace/trace.ts';
import type { Trace } from './trace/types.ts';

/**
 * A call that failed: its message holds no secret of the call, whoever repeated one. It carries the trace of the hops so far, which holds no secret's value.
 * @example
 * ```ts
 * import { CallError, createClient } from 'hallpass/client';
 *
 * const client = createClient({ transport: () => Promise.reject(new Error('unplugged')) });
 * const error = await client.get('https://api.example.com/').catch((failure) => failure);
 * console.log(error instanceof CallError, error.code, error.trace.hops.length); // → true network 1
 * ```
 */
export class CallError extends HallpassError {
  /** What was sent, withheld and answered until the failure. */
  readonly trace: Trace;

  constructor(code: ErrorCode, message: string, trace: Trace, options?: { cause?: unknown }) {
    super(code, trace instanceof CallTrace ? redactFor(trace, message) : message, options);
    this.trace = trace;
  }
}

/**
 * A redirect that was not followed: nothing was sent to its target.
 * @example
 * ```ts
 * import { createClient, RedirectError } from 'hallpass/client';
 *
 * const client = createClient({
 *   redirect: { maxRedirects: 3 },
 *   transport: async ({ url }) => new Response(null, { status: 302, headers: { location: `${url}a` } }),
 * });
 * const error = await client.get('https://api.example.com/').catch((failure) => failure);
 * console.log(error instanceof RedirectError, error.code, error.trace.hops.length); // → true too-many-redirects 4
 * ```
 */
export class RedirectError extends CallError {}

/** The phases that have a deadline: the connection, the headers of one answer, each wait for its body, and the whole call. */
export type TimeoutPhase = 'connect' | 'headers' | 'idle' | 'total';

const whatDidNotHappen: Readonly<Record<TimeoutPhase, string>> = {
  connect: 'No connection stood within',
  headers: 'No answer began within',
  idle: 'Nothing of a body moved within',
  total: 'The call, with all its hops and its body, was not done within',
};

/**
 * A deadline passed. Code `timeout`.
 * @example
 * ```ts
 * import { createClient, TimeoutError } from 'hallpass/client';
 * import { startLab } from 'hallpass/testing/lab';
 *
 * await using lab = await startLab();
 * const client = createClient({ timeout: { headers: '50ms' } });
 * const error = await client.get(`${lab.origins.a}/hang`).catch((failure) => failure);
 * console.log(error instanceof TimeoutError, error.phase); // → true headers
 * ```
 */
export class TimeoutError extends CallError {
  /** Which deadline it was. */
  readonly phase: TimeoutPhase;

  constructor(phase: TimeoutPhase, ms: number, trace: Trace) {
    super('timeout', `${whatDidNotHappen[phase]} ${ms} ms (timeout.${phase}).`, trace);
    this.phase = phase;
  }
}

/**
 * The transport got no answer, or only a part of it. Code `network`.
 * @example
 * ```ts
 * import { createClient, NetworkError } from 'hallpass/client';
 *
 * const client = createClient({ transport: () => Promise.reject(new Error('unplugged')) });
 * const error = await client.get('https://api.example.com/').catch((failure) => failure);
 * console.log(error instanceof NetworkError, error.message); // → true GET https://api.example.com/ got no answer: unplugged
 * ```
 */
export class NetworkError extends CallError {}

/**
 * A body was larger than `limits` allows. Code `body-too-large`.
 * @example
 * ```ts
 * import { BodyLimitError, createClient } from 'hallpass/client';
 *
 * const client = createClient({ limits: { maxBody: 3 }, transport: async () => new Response('text') });
 * const error = await client.get('https://api.example.com/').text().catch((failure) => failure);
 * console.log(error instanceof BodyLimitError, error.limit); // → true maxBody
 * ```
 */
export class BodyLimitError extends CallError {
  /** Which limit it was. */
  readonly limit: 'maxBody' | 'maxDecoded';

  constructor(limit: 'maxBody' | 'maxDecoded', octets: number, trace: Trace) {
    super('body-too-large', `The body of the answer is over ${octets} octets (limits.${limit}).`, trace);
    this.limit = limit;
  }
}

/**
 * The body of an answer is not the one that `integrity` names. Code `integrity-mismatch`.
 * @example
 * ```ts
 * import { createClient, IntegrityError } from 'hallpass/client';
 *
 * const client = createClient({ transport: async () => new Response('changed') });
 * const integrity = 'sha256-mC8EL+xB69gXQJQpqpnqAtZ3NmFDaMEWxN1NFhmeb1c=';
 * const error = await client.get('https://cdn.example.com/lib.js', { integrity }).catch((failure) => failure);
 * console.log(error instanceof IntegrityError, error.code); // → true integrity-mismatch
 * ```
 */
export class IntegrityError extends CallError {}

/**
 * A credential's own function failed: `attach`, a token function or `refresh`. Code `credential-failed`.
 * @example
 * ```ts
 * import { bearer, CredentialError, createClient } from 'hallpass/client';
 *
 * const token = () => Promise.reject(new Error('the vault is closed'));
 * const client = createClient({ credentials: bearer(token, { for: 'https://api.example.com' }) });
 * const error = await client.get('https://api.example.com/').catch((failure) => failure);
 * console.log(error instanceof CredentialError, error.cause.message); // → true the vault is closed
 * ```
 */
export class CredentialError extends CallError {}

/**
 * `json()` of a verb met an answer without a body. Code `empty-body`.
 * @example
 * ```ts
 * import { createClient, EmptyBodyError } from 'hallpass/client';
 *
 * const client = createClient({ transport: async () => new Response('') });
 * const error = await client.get('https://api.example.com/').json().catch((failure) => failure);
 * console.log(error instanceof EmptyBodyError); // → true
 * ```
 */
export class EmptyBodyError extends CallError {}

/**
 * `json()` of a verb met a body that is not JSON, or not what the schema describes. Code `invalid-body`.
 * @example
 * ```ts
 * import { createClient, InvalidBodyError } from 'hallpass/client';
 * import { z } from 'zod';
 *
 * const client = createClient({ transport: async () => Response.json({ id: '7' }) });
 * const call = client.get('https://api.example.com/').json(z.object({ id: z.number() }));
 * const error = await call.catch((failure) => failure);
 * console.log(error instanceof InvalidBodyError, error.issues[0].path); // → true id
 * ```
 */
export class InvalidBodyError extends CallError {
  /** Paths and messages of the schema's objections; empty when the body is not JSON at all. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(message: string, trace: Trace, issues: InvalidBodyError['issues'] = []) {
    super('invalid-body', message, trace);
    this.issues = issues;
  }
}

/**
 * `json()`, `text()` or `bytes()` of a verb met an answer that is not 2xx. Code `http-status`.
 * @example
 * ```ts
 * import { createClient, HttpStatusError } from 'hallpass/client';
 *
 * const client = createClient({ transport: async () => new Response('', { status: 404 }) });
 * const error = await client.get('https://api.example.com/').text().catch((failure) => failure);
 * console.log(error instanceof HttpStatusError, error.status, error.response.ok); // → true 404 false
 * ```
 */
export class HttpStatusError extends CallError {
  /** HTTP status code of the answer. */
  readonly status: number;
  readonly #response: Response;

  constructor(message: string, trace: Trace, response: Response) {
    super('http-status', message, trace);
    this.status = response.status;
    this.#response = response;
  }

  /** The answer, its body unread. */
  get response(): Response {
    return this.#response;
  }
}
