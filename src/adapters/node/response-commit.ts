import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { ResponseHead } from '../../server/exchange.ts';
import { isPrefetchRefusal } from '../../server/prefetch.ts';
import type { RequestRun } from '../../server/request-run.ts';
import { Box, hideClass, unboxed } from './hidden-property.ts';
import type { Http1Response } from './http1-state.ts';

/** What is to be done before the head of an answer goes out. */
export interface ResponseRun {
  readonly run: Pick<
    RequestRun<object, never>,
    'commit' | 'isPlain' | 'isForAnyone' | 'write' | 'writeForAnyone' | 'answer'
  >;
  /** Asked when the handler has given its head: did it throw? Default: the run knows by itself. */
  hasThrown?(status: number): boolean;
  /** Answers a failed commit, on a response as if nothing had been written to it. Default: the error's own answer is sent. */
  answerError?(error: unknown): void;
  /** The answer to a failed commit where no response can be begun anew, as over HTTP/2. Default: the error's own. */
  errorAnswer?(error: unknown): Promise<Response>;
}

/** The commit of all pipelines round one response: of nearly every response there is one. */
export class ResponseCommit {
  readonly #first: ResponseRun;
  /** All of them, where there are several. */
  #runs: ResponseRun[] | undefined;
  /** Whose commit has failed. */
  #failing: ResponseRun | undefined;
  #failure: unknown;
  #isBegun = false;
  /**
   * What the response's kind keeps beside it. Here, and not in properties of the response: with those, responses would have as many
   * forms as there are ways to answer, and all code that sees them is slower for it, Node's too. Bench row: Express, hallpass.
   */
  deferral: unknown;
  /** The `end` that others have given the response, where it is not Node's. */
  end: ServerResponse['end'] | undefined;
  /** And the function that makes its head. */
  storeHeader: Http1Response['_storeHeader'] | undefined;

  constructor(run: ResponseRun) {
    this.#first = run;
  }

  add(run: ResponseRun): void {
    this.#runs ??= [this.#first];
    this.#runs.push(run);
  }

  /** True from the first call of `begin`. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /**
   * Commits, the innermost pipeline first; `undefined` when there is nothing to wait for.
   * @param status of the answer
   */
  begin(status: number): Promise<void> | undefined {
    this.#isBegun = true;
    return this.#commit(status)?.catch(async (error) => {
      // Who acts on the answer a turn after it was told, as `next()` of Express does, still finds it sent.
      await setImmediate();
      await setImmediate();
      throw error;
    });
  }

  #commit(status: number): Promise<void> | undefined {
    if (this.#runs !== undefined) return this.#all(this.#runs, status);
    const first = this.#first;
    const pending = first.run.commit({ status, threw: first.hasThrown?.(status) });
    return pending?.catch((error) => {
      this.#failing = first;
      this.#failure = error;
      throw error;
    });
  }

  async #all(runs: readonly ResponseRun[], status: number): Promise<void> {
    let failure: { error: unknown } | undefined;
    for (const one of runs.toReversed()) {
      try {
        await one.run.commit({ status, threw: failure !== undefined || one.hasThrown?.(status) });
      } catch (error) {
        failure ??= { error };
        this.#failing ??= one;
        this.#failure ??= error;
      }
    }
    if (failure !== undefined) throw failure.error;
  }

  /** True when `write` would write nothing. */
  get isPlain(): boolean {
    return this.#runs === undefined ? this.#first.run.isPlain : this.#runs.every(({ run }) => run.isPlain);
  }

  /** True where there is nothing to commit, and `write` would write what `writeForAnyone` does. */
  get isForAnyone(): boolean {
    return this.#runs === undefined && this.#first.run.isForAnyone;
  }

  write(head: ResponseHead): void {
    if (this.#runs === undefined) this.#first.run.write(head);
    else for (const { run } of this.#runs.toReversed()) run.write(head);
  }

  /** Writes what is known once the request was let in, whoever asks. */
  writeForAnyone(head: ResponseHead): void {
    this.#first.run.writeForAnyone(head);
  }

  /** Who answers a failed commit on an untouched response, where somebody does. No error handler need know of a prefetch. */
  get answerError(): ((error: unknown) => void) | undefined {
    return isPrefetchRefusal(this.#failure) ? undefined : this.#failing?.answerError?.bind(this.#failing);
  }

  /** What the application answers to a failed commit, or the error's own answer. */
  async errorAnswer(error: unknown): Promise<Response> {
    const asked = isPrefetchRefusal(this.#failure) ? undefined : this.#failing?.errorAnswer?.(error);
    return (await asked) ?? this.answer(error);
  }

  /** The error's own answer. */
  answer(error: unknown): Response {
    const { run } = this.#failing ?? this.#first;
    return run.answer(error);
  }
}

/**
 * Where a response keeps its commit. Known to every copy of this module in the process, for two of them may stand round one response.
 * Written out: by a key that differs from call to call it is found in a table. Bench row: Express, hallpass.
 */
const key: unique symbol = Symbol.for('hallpass.response');
/** How a copy of this module joins the commit of another. The number is the version of what it hands over: a `ResponseRun`. */
const join: unique symbol = Symbol.for('hallpass.response.1');

class CommitBox extends Box<ResponseCommit> {
  [join](response: object, run: ResponseRun): void {
    unboxed(this, response, key).add(run);
  }

  static {
    hideClass(CommitBox);
  }
}

type Deferred = { [key]?: CommitBox };

/** @throws TypeError where it was taken from another response */
export function findCommit(response: object): ResponseCommit | undefined {
  const box = (response as Deferred)[key];
  return box === undefined ? undefined : unboxed(box, response, key);
}

/**
 * Adds a run to the commit that a response has already, be it of another copy of this library. False: it has none yet.
 * @throws TypeError for that of a release with which it shares nothing: one of the two would never be committed
 */
export function joinCommit(response: object, run: ResponseRun): boolean {
  const box = (response as { [key]?: Partial<CommitBox> })[key];
  if (box === undefined) return false;
  if (typeof box[join] !== 'function')
    throw new TypeError(
      'Two releases of hallpass stand round this response, and neither could wait for the other: npm ls hallpass shows where they come from; install one.',
    );
  box[join](response, run);
  return true;
}

export function setCommit(response: object, commit: ResponseCommit): void {
  (response as Deferred)[key] = new CommitBox(response, commit);
}
