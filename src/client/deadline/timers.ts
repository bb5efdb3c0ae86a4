import { type Clock, systemClock } from '../../time.ts';

/** Something that must not go on for ever. */
export interface Timed {
  /** Milliseconds since 1970; infinity when it is over. */
  readonly dueAt: number;
  /** Called once, when that time has come. */
  expire(): void;
  /** Called when there is no reason to go on. */
  abort(reason: unknown): void;
  /** True for what may be forgotten once nobody else holds it: an answer whose body nobody reads. */
  readonly forgettable: boolean;
  /** Where it stands in the list of its timer. */
  place?: number | undefined;
}

/**
 * One timer for everything of one client that has a deadline. It is set for the earliest and left alone by those that
 * end in time, which is nearly all: a deadline costs a place in a list. It keeps no process alive, and no unread answer.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  #held: Timed[] = [];
  readonly #forgotten = new Set<WeakRef<Timed>>();
  #dueAt = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  /** Where each has a timer of its own: what cancels it. */
  readonly #own = new Map<Timed, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sees to it that `one` ends in time; call it again when its time has moved forward. */
  schedule(one: Timed): void {
    if (one.place === undefined) one.place = this.#held.push(one) - 1;
    if (timersEndWithTheirRequest) this.#startOwn(one);
    else if (one.dueAt < this.#dueAt) this.#start(one.dueAt);
  }

  cancel(one: Timed): void {
    const { place } = one;
    if (place === undefined) return;
    one.place = undefined;
    const last = this.#held.pop() as Timed;
    if (last !== one) {
      this.#held[place] = last;
      last.place = place;
    }
    if (timersEndWithTheirRequest) this.#cancelOwn(one);
  }

  /** Calls back after `ms`; returns what cancels that. */
  after(ms: number, expire: () => void): () => void {
    const one: Timed = { dueAt: this.#clock.now() + ms, expire, abort: expire, forgettable: false };
    this.schedule(one);
    return () => this.cancel(one);
  }

  /** Everything that has a deadline. */
  all(): Timed[] {
    const forgotten = [...this.#forgotten].map((one) => one.deref()).filter((one) => one !== undefined);
    return [...this.#held, ...forgotten];
  }

  #startOwn(one: Timed): void {
    this.#cancelOwn(one);
    const expire = () => {
      this.cancel(one);
      one.expire();
    };
    this.#own.set(one, schedule(this.#clock, one.dueAt, expire));
  }

  #cancelOwn(one: Timed): void {
    this.#own.get(one)?.();
    this.#own.delete(one);
  }

  #start(dueAt: number): void {
    this.#cancel?.();
    this.#dueAt = dueAt;
    this.#cancel = schedule(this.#clock, dueAt, () => this.#expire());
  }

  #expire(): void {
    const now = this.#clock.now();
    const due: Timed[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const ref of this.#forgotten) {
      const one = ref.deref();
      const dueAt = one?.dueAt ?? Number.POSITIVE_INFINITY;
      if (one !== undefined && dueAt <= now) due.push(one);
      else next = Math.min(next, dueAt);
      if (dueAt <= now || dueAt === Number.POSITIVE_INFINITY) this.#forgotten.delete(ref);
    }
    const held = this.#held;
    this.#held = [];
    for (const one of held) {
      one.place = undefined;
      if (one.dueAt <= now) due.push(one);
      else {
        next = Math.min(next, one.dueAt);
        if (one.forgettable) this.#forgotten.add(new WeakRef(one));
        else one.place = this.#held.push(one) - 1;
      }
    }
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#cancel = undefined;
    if (next !== Number.POSITIVE_INFINITY) this.#start(next);
    for (const one of due) one.expire();
  }
}

/** In workerd a timer ends with the request that set it, so that no other request can wait for it. */
const timersEndWithTheirRequest = globalThis.navigator?.userAgent === 'Cloudflare-Workers';

/** The longest time that a timer of the runtimes can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** Calls back at a time of the clock, so that a test's clock moves deadlines too. Returns what cancels it. */
function schedule(clock: Clock, dueAt: number, then: () => void): () => void {
  const ms = Math.max(0, dueAt - clock.now());
  if (clock === systemClock || clock.delay === undefined) {
    const timer: unknown = setTimeout(then, Math.min(ms, longestTimer));
    (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as number);
  }
  const canceled = new AbortController();
  clock.delay(ms, canceled.signal).then(then, () => {});
  return () => canceled.abort();
}
