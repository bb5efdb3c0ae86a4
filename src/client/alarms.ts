import { type Clock, systemClock } from '../time.ts';

/** Something that must not go on for ever. */
export interface Alarmed {
  /** Milliseconds since 1970; infinity when it is over. */
  readonly dueAt: number;
  /** Called once, when that time has come. */
  expire(): void;
  /** Called when there is no reason to go on. */
  abort(reason: unknown): void;
  /** True for what may be forgotten once nobody else holds it: an answer whose body nobody reads. */
  readonly forgettable: boolean;
  /** Where it stands among those that are watched over. */
  place?: number | undefined;
}

/**
 * One timer for everything of one client that has a deadline. It is set for the earliest and left alone by those that
 * end in time, which is nearly all: a deadline costs a place in a list. It keeps no process alive, and no unread answer.
 */
export class Alarms {
  readonly #clock: Clock;
  #held: Alarmed[] = [];
  readonly #forgotten = new Set<WeakRef<Alarmed>>();
  #ringsAt = Number.POSITIVE_INFINITY;
  #callOff: (() => void) | undefined;
  /** Where each has a timer of its own. */
  readonly #callOffs = new Map<Alarmed, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Watches over `one`; call it again when its time has moved forward. */
  add(one: Alarmed): void {
    if (one.place === undefined) one.place = this.#held.push(one) - 1;
    if (timersEndWithTheirRequest) this.#ringFor(one);
    else if (one.dueAt < this.#ringsAt) this.#ringAt(one.dueAt);
  }

  delete(one: Alarmed): void {
    const { place } = one;
    if (place === undefined) return;
    one.place = undefined;
    const last = this.#held.pop() as Alarmed;
    if (last !== one) {
      this.#held[place] = last;
      last.place = place;
    }
    if (timersEndWithTheirRequest) this.#silence(one);
  }

  /** Calls back after `ms`; returns what calls it off. */
  after(ms: number, expire: () => void): () => void {
    const one: Alarmed = { dueAt: this.#clock.now() + ms, expire, abort: expire, forgettable: false };
    this.add(one);
    return () => this.delete(one);
  }

  /** Everything that is watched over. */
  all(): Alarmed[] {
    const forgotten = [...this.#forgotten].map((one) => one.deref()).filter((one) => one !== undefined);
    return [...this.#held, ...forgotten];
  }

  #ringFor(one: Alarmed): void {
    this.#silence(one);
    const ring = () => {
      this.delete(one);
      one.expire();
    };
    this.#callOffs.set(one, wake(this.#clock, Math.max(0, one.dueAt - this.#clock.now()), ring));
  }

  #silence(one: Alarmed): void {
    this.#callOffs.get(one)?.();
    this.#callOffs.delete(one);
  }

  #ringAt(time: number): void {
    this.#callOff?.();
    this.#ringsAt = time;
    this.#callOff = wake(this.#clock, Math.max(0, time - this.#clock.now()), () => this.#ring());
  }

  #ring(): void {
    const now = this.#clock.now();
    const due: Alarmed[] = [];
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
    this.#ringsAt = Number.POSITIVE_INFINITY;
    this.#callOff = undefined;
    if (next !== Number.POSITIVE_INFINITY) this.#ringAt(next);
    for (const one of due) one.expire();
  }
}

/** In workerd a timer ends with the request that set it, so that no other request can wait for it. */
const timersEndWithTheirRequest = globalThis.navigator?.userAgent === 'Cloudflare-Workers';

/** The longest time that a timer of the runtimes can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** Calls back by the clock's own time, so that a test's clock moves deadlines too. Returns what calls it off. */
function wake(clock: Clock, ms: number, then: () => void): () => void {
  if (clock === systemClock || clock.delay === undefined) {
    const timer: unknown = setTimeout(then, Math.min(ms, longestTimer));
    (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as number);
  }
  const off = new AbortController();
  clock.delay(ms, off.signal).then(then, () => {});
  return () => off.abort();
}
