import { type Awaitable, after, sha256 } from '../crypto/index.ts';
import { isPromised } from '../time/is-promised.ts';
import type { SessionRecord } from './contract.ts';
import { belongsElsewhere } from './index-names.ts';
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

/** Under which a row says, as JSON, in which epoch it began and where that stands: whoever looks at it judges it by that. */
const placedKey = '~everything.placed';

/** True for a row that is an epoch, and nobody's. To write one is to end sessions: a store that is full takes it, and lets go of none. */
export const isEpoch = (selector: string): boolean => selector.startsWith(selectorPrefix);

/**
 * The epoch of all sessions of a cookie, or of all families of an issuer, a counter in a row of its own. Each row carries the one that it
 * began in, none where that is 0, and one of an earlier epoch has ended. Asked for where a row was found, once a second, and at each sign-in.
 */
export class Everything {
  readonly #store: TimedStore;
  readonly #names: readonly string[];
  readonly #mark: string | undefined;
  readonly #places = new Map<string, string>();
  #known = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param names what it is of, the present name first: who came under a former one began in its epoch
   * @param mark the key of a row's data under which it carries its epoch. Default: it says where that stands, too, for those
   * that look at it and have another
   */
  constructor(store: TimedStore, names: readonly string[], mark?: string) {
    this.#store = store;
    this.#names = names;
    this.#mark = mark;
  }

  /** True for a row that ended with all others. */
  hasEnded({ data }: Pick<SessionRecord, 'data'>, now: number): Awaitable<boolean> {
    const placed = data[placedKey];
    if (placed !== undefined) return this.#isOverThere(...placedIn(placed), now);
    // What says nothing is of another kind where ours do.
    return this.#mark !== undefined && this.isOver(Number(data[this.#mark] ?? 0), now);
  }

  #isOverThere(epoch: number, place: string, now: number): Awaitable<boolean> {
    const askThere = () => after(this.#store.read(place, { now }), (row) => epoch < epochOf(row));
    if (this.#mark !== undefined) return askThere();
    // Which places are ours is known once they were read.
    return after(this.present(now), (known) =>
      [...this.#places.values()].includes(place) ? epoch < known : askThere(),
    );
  }

  /** Those of these rows that have not ended with all others. */
  async living<Row extends Pick<SessionRecord, 'data'>>(rows: readonly Row[], now: number): Promise<Row[]> {
    if (rows.length > 0) await this.present(now);
    const ended = await Promise.all(rows.map((row) => this.hasEnded(row, now)));
    return rows.filter((_, at) => !ended[at]);
  }

  /** Ends what is on this index. @returns how many lived: to the store, what ended with all others still does */
  async revokeByUser(index: string, o: { now: number; except?: string | undefined }): Promise<number> {
    // Whether it can be told or not, they end.
    const dead = await this.#deadOn(index, o).catch(() => 0);
    return Math.max(0, (await this.#store.revokeByUser(index, o)) - dead);
  }

  async #deadOn(
    index: string,
    { now, except }: { now: number; except?: string | undefined },
  ): Promise<number> {
    if ((await this.present(now)) === 0) return 0;
    const all = await this.#store.listByUser(index, { now });
    const rows = all.filter((row) => row.selector !== except && !belongsElsewhere(row, index));
    return rows.length - (await this.living(rows, now)).length;
  }

  /** True for what began in this epoch and has ended with all else. */
  isOver(epoch: number, now: number): Awaitable<boolean> {
    const present = this.present(now);
    return isPromised(present) ? present.then((known) => epoch < known) : epoch < present;
  }

  /** The epoch in which a row began. */
  of({ data }: Pick<SessionRecord, 'data'>): number {
    const placed = data[placedKey];
    return placed === undefined ? 0 : placedIn(placed)[0];
  }

  /** The data of a row that begins in this epoch. */
  marked(data: SessionRecord['data'], epoch: number): Awaitable<SessionRecord['data']> {
    const mark = this.#mark;
    if (mark !== undefined) return epoch === 0 ? data : { ...data, [mark]: String(epoch) };
    return after(this.#placeOf(this.#names[0] ?? ''), (place) => ({
      ...data,
      [placedKey]: JSON.stringify([epoch, place]),
    }));
  }

  /** Ends all that began until now. */
  async raise(now: number): Promise<void> {
    const [name = '', ...former] = this.#names;
    let epoch = 0;
    do epoch = (await this.#read(now)) + 1;
    while (!(await this.#write(name, epoch, now)));
    // By those it is judged in processes that have not the present name yet, and where a row says that it stands there.
    for (const one of former) while (!(await this.#write(one, epoch, now)));
  }

  /** Writes the epoch under a name, unless one as late stands there. False where another was first. */
  async #write(name: string, epoch: number, now: number): Promise<boolean> {
    const selector = await this.#placeOf(name);
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
      after(this.#placeOf(name), (selector) => after(this.#store.read(selector, { now }), epochOf));
    const known = (epochs: readonly number[]) => {
      this.#known = Math.max(this.#known, ...epochs);
      return this.#known;
    };
    const [only, ...former] = this.#names.map(read);
    if (former.length === 0 && only !== undefined) return after(only, (epoch) => known([epoch]));
    return Promise.all([only ?? 0, ...former]).then(async (epochs) => {
      const latest = Math.max(...epochs);
      if (latest > epochs[0]) while (!(await this.#write(this.#names[0] ?? '', latest, now)));
      return known(epochs);
    });
  }

  /** The selector of the row that holds the epoch of a name. */
  #placeOf(name: string): Awaitable<string> {
    return (
      this.#places.get(name) ??
      after(sha256(`hallpass everything ${name}`), (hash) => {
        const place = (selectorPrefix + hash).slice(0, selectorLength);
        this.#places.set(name, place);
        return place;
      })
    );
  }
}

const epochOf = (row: Awaited<ReturnType<TimedStore['read']>>): number =>
  isLive(row) ? Number(row.data[epochKey] ?? 0) : 0;

const placedIn = (text: string): readonly [epoch: number, place: string] => JSON.parse(text);
