import { type ErrorCode, HallpassError } from '../errors.ts';
import type { Trace } from './trace.ts';

/** A call that failed. It carries the trace of the hops so far, which holds no secret's value. */
export class CallError extends HallpassError {
  /** What was sent, withheld and answered until the failure. */
  readonly trace: Trace;

  constructor(code: ErrorCode, message: string, trace: Trace, options?: { cause?: unknown }) {
    super(code, message, options);
    this.trace = trace;
  }
}

/** A redirect that was not followed: nothing was sent to its target. */
export class RedirectError extends CallError {}

/** The phases that have a deadline: until the headers of one answer, and the whole call with its body. */
export type TimeoutPhase = 'headers' | 'total';

/** A deadline passed. Code `timeout`. */
export class TimeoutError extends CallError {
  /** Which deadline it was. */
  readonly phase: TimeoutPhase;

  constructor(phase: TimeoutPhase, ms: number, trace: Trace) {
    const what =
      phase === 'headers'
        ? `No answer began within ${ms} ms`
        : `The call, with all its hops and its body, was not done within ${ms} ms`;
    super('timeout', `${what} (timeout.${phase}).`, trace);
    this.phase = phase;
  }
}

/** The transport could not get an answer. Code `network`. */
export class NetworkError extends CallError {}

/** A credential's own function failed: `attach`, a token function or `refresh`. Code `credential-failed`. */
export class CredentialError extends CallError {}

/** `json()` met an answer without a body. Code `empty-body`. */
export class EmptyBodyError extends CallError {}

/** `json()` met a body that is not JSON, or not what the schema describes. Code `invalid-body`. */
export class InvalidBodyError extends CallError {
  /** Paths and messages of the schema's objections; empty when the body is not JSON at all. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(message: string, trace: Trace, issues: InvalidBodyError['issues'] = []) {
    super('invalid-body', message, trace);
    this.issues = issues;
  }
}

/** `json()` met an answer that is not 2xx. Code `http-status`. */
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
