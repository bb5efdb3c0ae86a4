import { type Clock, systemClock } from '../../time.ts';
import { TimeoutError, type TimeoutPhase } from '../errors.ts';
import type { Trace } from '../trace/types.ts';
import type { Abortable, Ending } from './ending.ts';
import type { TimeoutLimits } from './timeout.ts';
import type { DeadlineTimer, Timed } from './timers.ts';

/** The deadlines of one call and its caller's signal: one end for all that waits. */
export class Deadline implements Timed, Ending {
  /** When the present phase, or the whole call, must be over. Milliseconds since 1970. */
  dueAt: number;
  /** Set when the call has its answer, which is its reader's from then on: when nobody holds it, nobody waits for it. */
  forgettable = false;
  place: number | undefined = undefined;
  readonly #clock: Clock;
  readonly #timer: DeadlineTimer;
  readonly #limits: TimeoutLimits;
  readonly #endsAt: number;
  readonly #trace: Trace;
  readonly #caller: AbortSignal | undefined;
  #waiting: readonly Abortable[] = nobody;
  #phase: TimeoutPhase = 'total';
  #controller: AbortController | undefined;
  #reason: { readonly why: unknown } | undefined;

  /** `trace`: of the call, for the error of a deadline that was missed. */
  constructor(
    limits: TimeoutLimits,
    { clock, timer }: { readonly clock: Clock; readonly timer: DeadlineTimer },
    caller: AbortSignal | undefined,
    trace: Trace,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#timer = timer;
    this.#trace = trace;
    this.#endsAt = clock.now() + limits.total;
    this.dueAt = this.#endsAt;
    this.#caller = caller;
    timer.schedule(this);
    if (caller === undefined) return;
    if (caller.aborted) this.handleEvent();
    else caller.addEventListener('abort', this, { once: true });
  }

  /** For what understands nothing else. Made when somebody asks. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason.why);
    }
    return this.#controller.signal;
  }

  /** Ends the call with this reason, unless it has ended. */
  abort(reason: unknown): void {
    if (this.#reason !== undefined) return;
    this.end();
    this.#reason = { why: reason };
    this.#controller?.abort(reason);
    const waiting = this.#waiting;
    this.#waiting = nobody;
    for (const one of waiting) one.abort(reason);
  }

  /** True once the call was ended before its time: by its caller, a deadline or the client's disposal. */
  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** What ended the call. */
  get reason(): unknown {
    return this.#reason?.why;
  }

  /** @throws what ended the call, when something did. */
  throwIfAborted(): void {
    if (this.#reason !== undefined) throw this.#reason.why;
  }

  /** A phase begins, and the one before it is over. The whole call's deadline counts in every phase. */
  begin(phase: TimeoutPhase, now?: number): void {
    if (this.dueAt === over) return;
    const due = phase === 'total' ? this.#endsAt : (now ?? this.#clock.now()) + this.#limits[phase];
    this.#phase = due < this.#endsAt ? phase : 'total';
    this.dueAt = Math.min(due, this.#endsAt);
    this.#timer.schedule(this);
  }

  expire(): void {
    this.abort(new TimeoutError(this.#phase, this.#limits[this.#phase], this.#trace));
  }

  /** Milliseconds that the call has left. */
  get left(): number {
    return this.#endsAt - this.#clock.now();
  }

  /** Waits, unless the call ends first. */
  pause(ms: number): Promise<void> {
    return this.race((this.#clock.delay ?? systemClock.delay)?.call(this.#clock, ms, this.signal));
  }

  add(one: Abortable): void {
    if (this.#reason !== undefined) one.abort(this.#reason.why);
    else this.#waiting = this.#waiting === nobody ? [one] : [...this.#waiting, one];
  }

  delete(one: Abortable): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.length === 1 && waiting[0] === one ? nobody : waiting.filter((w) => w !== one);
  }

  /** The result of `work`, unless the call ends first. The work itself goes on: others may wait for it too. */
  race<T>(work: T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiter = { abort: reject };
      this.add(waiter);
      Promise.resolve(work).then(
        (value) => {
          this.delete(waiter);
          resolve(value);
        },
        (error) => {
          this.delete(waiter);
          reject(error);
        },
      );
    });
  }

  /** The body has been read or has failed: once the call is answered, that ends it. */
  bodyDone(): void {
    if (this.forgettable) this.end();
  }

  /** Nothing is waited for any more. */
  end(): void {
    if (this.dueAt === over) return;
    this.dueAt = over;
    this.#timer.cancel(this);
    this.#caller?.removeEventListener('abort', this);
  }

  /** Called by the caller's signal. */
  handleEvent(): void {
    this.abort(this.#caller?.reason);
  }
}

const nobody: readonly never[] = [];

/** Of a deadline that has ended. */
const over = Number.POSITIVE_INFINITY;
