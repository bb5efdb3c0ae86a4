import { type Clock, monotonic, systemClock } from '../../time.ts';
import { TimeoutError, type TimeoutPhase } from '../errors.ts';
import type { Trace } from '../trace/types.ts';
import type { Abortable, Cancellation, TransportPhase } from './cancellation.ts';
import { listenWeakly } from './listen-weakly.ts';
import type { TimeoutLimits } from './timeout.ts';
import type { DeadlineTimer, Scheduled } from './timers.ts';

/** The deadlines of one call and its caller's signal: one end for all that waits. */
export class Deadline implements Scheduled, Cancellation {
  /** When the present phase, or the whole call, must be over. Milliseconds of the clock that never goes back. */
  dueAt: number = never;
  /** Set when the call has its answer, which is its reader's from then on: when nobody holds it, nobody waits for it. */
  forgettable = false;
  place: number | undefined = undefined;
  weak: WeakRef<Scheduled> | undefined = undefined;
  readonly #clock: Clock;
  readonly #timer: DeadlineTimer;
  readonly #limits: TimeoutLimits;
  readonly #trace: Trace;
  readonly #caller: AbortSignal | undefined;
  #listening: { stop(): void } | undefined;
  #waiting: readonly Abortable[] = nobody;
  #phase: TimeoutPhase = 'total';
  #over = false;
  #controller: AbortController | undefined;
  #reason: { readonly why: unknown } | undefined;

  /** When the whole call must be over, unless its time stands still until then. */
  #endsAt: number;
  /** Since when the time of the whole call stands still. */
  #stoppedAt: number | undefined;
  /** True while a hop waits for its answer. */
  #sending = false;
  /** When the last piece of the request's body moved, while it goes out. */
  #movedAt: number | undefined;
  /** How many read the whole body of the answer, and how many wait for the next piece of it. */
  #readers = 0;
  #streams = 0;

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
    this.#endsAt = monotonic(clock) + limits.total;
    this.#caller = caller;
    this.#wait('total');
    if (caller === undefined) return;
    if (caller.aborted) this.handleEvent();
    else {
      caller.addEventListener('abort', this, { once: true });
      this.#listening = { stop: () => caller.removeEventListener('abort', this) };
    }
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

  /** A hop goes to the transport, which waits for this first. */
  sends(phase: TransportPhase): void {
    this.#sending = true;
    this.begin(phase);
  }

  begin(phase: TransportPhase): void {
    if (!this.#sending) return;
    if (phase === 'upload' || this.#movedAt !== undefined) this.#moves(phase === 'upload');
    this.#wait(phase === 'upload' ? 'idle' : phase);
  }

  /** Octets that move take none of the call's time. */
  #moves(more: boolean): void {
    const now = monotonic(this.#clock);
    if (this.#movedAt !== undefined) this.#endsAt += now - this.#movedAt;
    this.#movedAt = more ? now : undefined;
  }

  /** The answer of a hop is here. */
  receives(): void {
    this.#sending = false;
    this.#movedAt = undefined;
    this.#readers = 0;
    this.#streams = 0;
    this.#wait('total');
  }

  /** The call has its answer: from now on its caller decides when the body is read. */
  answered(): void {
    this.forgettable = true;
    const now = monotonic(this.#clock);
    this.#stop(now);
    this.#wait('idle', now);
    if (this.#listening === undefined || this.#caller === undefined || this.#over) return;
    this.#listening.stop();
    this.#listening = listenWeakly(this.#caller, this);
  }

  /** The whole body of the answer is being read. */
  reads(): void {
    this.#readers += 1;
    this.#waitForBody();
  }

  /** Somebody waits for the next piece of the answer's body. */
  asksForPiece(): void {
    this.#streams += 1;
    this.#waitForBody();
  }

  /** A piece came. Until the next one is asked for, nobody waits. */
  hasPiece(): void {
    this.#streams = Math.max(0, this.#streams - 1);
    this.#waitForBody();
  }

  expire(): void {
    this.abort(new TimeoutError(this.#phase, this.#limits[this.#phase], this.#trace));
  }

  /** Milliseconds that the call has left. */
  get left(): number {
    return this.#endsAt - monotonic(this.#clock);
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
    if (this.#over) return;
    this.#over = true;
    this.dueAt = never;
    this.#timer.cancel(this);
    this.#listening?.stop();
  }

  /** Called by the caller's signal. */
  handleEvent(): void {
    this.abort(this.#caller?.reason);
  }

  /** Begins to wait for this phase. The whole call's deadline counts in every phase, unless it stands still. */
  #wait(phase: TimeoutPhase | undefined, now?: number): void {
    if (this.#over) return;
    const end = this.#stoppedAt === undefined ? this.#endsAt : never;
    const due = phase === undefined ? never : this.#dueAtLatest(phase, end, now);
    this.#phase = phase !== undefined && due < end ? phase : 'total';
    this.dueAt = Math.min(due, end);
    this.#timer.schedule(this);
  }

  /** When a phase that begins now is over. The clock is not read for one that cannot end before the whole call. */
  #dueAtLatest(phase: TimeoutPhase, end: number, now?: number): number {
    const limit = this.#limits[phase];
    if (phase === 'total' || (end !== never && limit >= this.#limits.total)) return never;
    return (now ?? monotonic(this.#clock)) + limit;
  }

  /** Who reads the whole body has the time of the whole call; a stream has that too where somebody has set it. */
  #waitForBody(): void {
    const now = monotonic(this.#clock);
    if (this.#readers > 0) this.#go(now);
    else if (this.forgettable) this.#stop(now);
    this.#wait(this.#streams > 0 ? 'idle' : undefined, now);
  }

  #stop(now: number): void {
    if (!this.#limits.totalOfStreams) this.#stoppedAt ??= now;
  }

  #go(now: number): void {
    if (this.#stoppedAt !== undefined) this.#endsAt += now - this.#stoppedAt;
    this.#stoppedAt = undefined;
  }
}

const nobody: readonly never[] = [];

/** When what has no deadline is due. */
const never = Number.POSITIVE_INFINITY;
