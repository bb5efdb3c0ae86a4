import { type Awaitable, after, sha256 } from '../crypto/index.ts';
import { isPromised } from '../time/is-promised.ts';
import type { SessionRecord } from './contract.ts';
import { isLive, markRow } from './record.ts';
import type { TimedStore } from './time-limit.ts';

/** How long an answer is believed, in ms: what has ended with everything may outlive that so long in another process. */
const staleness = 1_000;
/** Longer than any row lives. */
const life = 100 * 365 * 86_400_000;
/** Where an epoch stands: half a selector, and the other half of a hash of what it is of. */
const selectorPrefix = 'everything-';
/** Characters of a selector. */
const selectorLength = 22;

const epochKey = 'epoch';

/** True for a row that is an epoch, and nobody's. To write one is to end sessions: a store that is full takes it, and lets go of none. */
export const isEpoch = (selector: string): boolean => selector.startsWith(selectorPrefix);

/**
 * The epoch of all sessions of a cookie, or of all families of an issuer, a counter in a row of its own. Each row carries the one that it
 * began in, none where that is 0, and one of an earlier epoch has ended. Asked for where a row was found, once a second, and at each sign-in.
 */
export class Everything {
  readonly #store: TimedStore;
  readonly #names: readonly string[];
  readonly #mark: string;
  #known = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param names what it is of, the present name first: who came under a former one began in its epoch
   * @param mark the key of a row's data under which it carries its epoch
   */
  constructor(store: TimedStore, names: readonly string[], mark: string) {
    this.#store = store;
    this.#names = names;
    this.#mark = mark;
  }

  /** True for a row that ended with all others. */
  hasEnded(row: Pick<SessionRecord, 'data'>, now: number): Awaitable<boolean> {
    return this.isOver(this.of(row), now);
  }

  /** True for what began in this epoch and has ended with all else. */
  isOver(epoch: number, now: number): Awaitable<boolean> {
    const present = this.present(now);
    return isPromised(present) ? present.then((known) => epoch < known) : epoch < present;
  }

  /** The epoch in which a row began. */
  of({ data }: Pick<SessionRecord, 'data'>): number {
    return Number(data[this.#mark] ?? 0);
  }

  /** The data of a row that begins in this epoch. */
  marked(data: SessionRecord['data'], epoch: number): SessionRecord['data'] {
    return epoch === 0 ? data : { ...data, [this.#mark]: String(epoch) };
  }

  /** Ends all that began until now. */
  async raise(now: number): Promise<void> {
    while (!(await this.#write((await this.#read(now)) + 1, now)));
  }

  /** Writes the epoch under the present name, unless one as late stands there. False where another was first. */
  async #write(epoch: number, now: number): Promise<boolean> {
    const selector = await selectorFor(this.#names[0] ?? '');
    const set = { [epochKey]: String(epoch) };
    const row = await this.#store.read(selector, { now });
    if (epochOf(row) < epoch) {
      const done = isLive(row)
        ? await this.#store.patch(selector, {
            gen: 0,
            now,
            set,
            base: { [epochKey]: row.data[epochKey] ?? null },
            quiet: true,
          })
        : await this.#store.create(markRow(selector, set, { now, until: now + life }), { now });
      if (done !== 'created' && !(typeof done === 'object' && 'ok' in done)) return false;
    }
    this.#known = Math.max(this.#known, epoch);
    return true;
  }

  /** The epoch, as it was no longer than a second ago. */
  present(now: number): Awaitable<number> {
    const age = now - this.#askedAt;
    return age >= 0 && age < staleness ? this.#known : this.latest(now);
  }

  /** The epoch as it now stands in the store, for a sign-in: marked with one of a second ago it would end with what was before it. */
  latest(now: number): Awaitable<number> {
    return after(this.#read(now), (present) => {
      this.#askedAt = now;
      return present;
    });
  }

  /**
   * An epoch that was known never goes back, whatever became of its row. That of a former name is written under the present one: what
   * ended with it, or begins in it, is judged by it for longer than that name is known.
   */
  #read(now: number): Awaitable<number> {
    const read = (name: string) =>
      after(selectorFor(name), (selector) => after(this.#store.read(selector, { now }), epochOf));
    const known = (epochs: readonly number[]) => {
      this.#known = Math.max(this.#known, ...epochs);
      return this.#known;
    };
    const [only, ...former] = this.#names.map(read);
    if (former.length === 0 && only !== undefined) return after(only, (epoch) => known([epoch]));
    return Promise.all([only ?? 0, ...former]).then(async (epochs) => {
      const latest = Math.max(...epochs);
      if (latest > epochs[0]) while (!(await this.#write(latest, now)));
      return known(epochs);
    });
  }
}

const epochOf = (row: Awaited<ReturnType<TimedStore['read']>>): number =>
  isLive(row) ? Number(row.data[epochKey] ?? 0) : 0;

const selectorFor = (name: string): Awaitable<string> =>
  after(sha256(`hallpass everything ${name}`), (hash) => (selectorPrefix + hash).slice(0, selectorLength));
