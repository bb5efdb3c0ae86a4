import { type ErrorCode, HallpassError } from '../errors.ts';
import type { Trace } from './trace/types.ts';

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

/** The phases that have a deadline: the connection, the headers of one answer, each wait for its body, and the whole call. */
export type TimeoutPhase = 'connect' | 'headers' | 'idle' | 'total';

const whatDidNotHappen: Readonly<Record<TimeoutPhase, string>> = {
  connect: 'No connection stood within',
  headers: 'No answer began within',
  idle: 'Nothing more of the body came within',
  total: 'The call, with all its hops and its body, was not done within',
};

/** A deadline passed. Code `timeout`. */
export class TimeoutError extends CallError {
  /** Which deadline it was. */
  readonly phase: TimeoutPhase;

  constructor(phase: TimeoutPhase, ms: number, trace: Trace) {
    super('timeout', `${whatDidNotHappen[phase]} ${ms} ms (timeout.${phase}).`, trace);
    this.phase = phase;
  }
}

/** The transport got no answer, or only a part of it. Code `network`. */
export class NetworkError extends CallError {}

/** A body was larger than `limits` allows. Code `body-too-large`. */
export class BodyLimitError extends CallError {
  /** Which limit it was. */
  readonly limit: 'maxBody' | 'maxDecoded';

  constructor(limit: 'maxBody' | 'maxDecoded', octets: number, trace: Trace) {
    super('body-too-large', `The body of the answer is over ${octets} octets (limits.${limit}).`, trace);
    this.limit = limit;
  }
}

/** A credential's own function failed: `attach`, a token function or `refresh`. Code `credential-failed`. */
export class CredentialError extends CallError {}

/** `json()` of a verb met an answer without a body. Code `empty-body`. */
export class EmptyBodyError extends CallError {}

/** `json()` of a verb met a body that is not JSON, or not what the schema describes. Code `invalid-body`. */
export class InvalidBodyError extends CallError {
  /** Paths and messages of the schema's objections; empty when the body is not JSON at all. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(message: string, trace: Trace, issues: InvalidBodyError['issues'] = []) {
    super('invalid-body', message, trace);
    this.issues = issues;
  }
}

/** `json()`, `text()` or `bytes()` of a verb met an answer that is not 2xx. Code `http-status`. */
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
