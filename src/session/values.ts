import { type Awaitable, after } from '../crypto/index.ts';
import { setKey } from '../store/record.ts';
import type { ReadResult } from './data-schema.ts';
import { jsonText, parsed } from './json.ts';
import { isCarried } from './keys.ts';

/** Reads stored values as the handler sees them. */
type ReadStored = (stored: Readonly<Record<string, string>>) => Promise<ReadResult>;

type Update = (value: unknown) => unknown;

interface Entry {
  /** The text in the store, as far as this request knows. */
  stored: string | undefined;
  /** The text of the value that the handler was given. */
  seen: string | undefined;
  /** The same as a value: an object may have changed in place since. */
  given: unknown;
  /** What the handler sees and may change in place. */
  value: unknown;
  /** Set by a plain write: the value does not come from the store. */
  assigned: boolean;
  /** Set while every write to the key is an update, so that the writes can run again on another value. */
  updates: Update[] | undefined;
  /** The text that the updates ended in. */
  updated: string | undefined;
  /** Set when the key is written whatever the store holds. */
  overwrite: boolean;
  /** Set when the handler must not see the stored value, and the next write deletes it. */
  hidden: boolean;
}

/** The part of a patch that concerns data. */
export interface Changes {
  readonly set: Record<string, string>;
  readonly delete: readonly string[];
  readonly base: Record<string, string | null>;
}

interface OpenChanges extends Changes {
  readonly delete: string[];
}

const nothing: Record<string, never> = Object.freeze({});
const unchanged: Changes = Object.freeze({ set: nothing, delete: Object.freeze([]), base: nothing });

export const hasChanges = (changes: Changes): boolean => changes !== unchanged;

/** What to do about a key that another request wrote first. */
export type Conflict = 'last' | 'reject' | ((base: unknown, theirs: unknown, ours: unknown) => unknown);

/** How a conflict ended. */
type Outcome = 'updated' | 'overwritten' | 'merged' | 'rejected';

/** Session data for one request: what was stored, and operations on it by top-level key. */
export class Values {
  readonly #stored: Readonly<Record<string, string>>;
  readonly #read: ReadStored | undefined;
  /** Of keys that were asked for: most requests ask for none or few. */
  #entries: Map<string, Entry> | undefined;
  #shown: ReadResult | undefined;

  /** @param read what the handler sees of stored values. Default: what their JSON text says */
  constructor(stored: Readonly<Record<string, string>> = {}, read?: ReadStored) {
    this.#stored = stored;
    this.#read = read;
  }

  get(key: string): unknown {
    const known = this.#entries?.get(key);
    if (known !== undefined) return known.value;
    return Object.hasOwn(this.#stored, key) ? this.#entry(key).value : undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  keys(): string[] {
    const keys = new Set([...Object.keys(this.#stored), ...(this.#entries?.keys() ?? [])]);
    return [...keys].filter((key) => this.has(key));
  }

  set(key: string, value: unknown): void {
    jsonText(key, value);
    const entry = this.#entry(key);
    entry.value = value;
    entry.assigned = true;
    entry.updates = undefined;
  }

  update(key: string, fn: Update): void {
    const entry = this.#entry(key);
    const before = replayableUpdates(key, entry) ?? (isUntouched(entry) ? [] : undefined);
    const value = applied(key, fn, entry.value);
    entry.updated = jsonText(key, value);
    entry.updates = before && [...before, fn];
    entry.value = value;
  }

  /**
   * Shows the handler the stored values as a schema read them. That alone is no change; what it refused is hidden, and deleted
   * with the next write.
   */
  show(read: ReadResult): void {
    this.#shown = read;
    for (const key of read.keys) present(key, this.#entry(key), read);
  }

  /** What was stored, as it was shown at first. */
  untouched(): Values {
    const values = new Values(this.#stored, this.#read);
    if (this.#shown !== undefined) values.show(this.#shown);
    return values;
  }

  /** What has to be written. */
  changes(): Changes {
    if (this.#entries === undefined) return unchanged;
    let changes: OpenChanges | undefined;
    let hidden: [key: string, stored: string | undefined][] | undefined;
    for (const [key, entry] of this.#entries) {
      if (isUntouched(entry)) {
        if (entry.hidden) hidden = [...(hidden ?? []), [key, entry.stored]];
        continue;
      }
      changes ??= { set: {}, delete: [], base: {} };
      const text = jsonText(key, entry.value);
      if (text === undefined) changes.delete.push(key);
      else setKey(changes.set, key, text);
      if (!entry.overwrite) setKey(changes.base, key, entry.stored ?? null);
    }
    if (changes === undefined) return unchanged;
    for (const [key, stored] of hidden ?? []) {
      changes.delete.push(key);
      setKey(changes.base, key, stored ?? null);
    }
    return changes;
  }

  /**
   * Takes in that the store holds other values of these keys.
   * @param theirs the JSON text that each has now, `null` = absent
   * @param policyOf what to do about a key that was written and is no update
   * @returns how each was settled; those that are `'rejected'` are left as they were.
   */
  settle(
    theirs: Readonly<Record<string, string | null>>,
    policyOf: (key: string) => Conflict,
  ): Awaitable<{ key: string; outcome: Outcome }[]> {
    const changed = Object.entries(theirs).filter(([key, text]) => (this.#textOf(key) ?? null) !== text);
    const settleAll = (
      base: (key: string) => unknown,
      present: (key: string) => unknown,
      written = changed,
    ) =>
      written.map(([key, text]) => ({
        key,
        outcome: this.#settle(key, text, base(key), present(key), policyOf(key)),
      }));
    if (this.#read === undefined) {
      return settleAll(
        (key) => parsed(this.#textOf(key)),
        (key) => parsed(theirs[key]),
      );
    }
    const before = this.#texts();
    const reading = Promise.all([this.#read(before), this.#read(withTexts(before, theirs))]);
    return after(reading, ([base, present]) => {
      const hidden = this.#showHidden(Object.fromEntries(changed), present);
      return settleAll(
        base.value,
        present.value,
        changed.filter(([key]) => !hidden.has(key)),
      );
    });
  }

  /**
   * Shows what was hidden as it is read now: another request may have written it, or all that was wrong. Updates run again on it.
   * @returns the keys that the handler neither saw nor wrote
   */
  #showHidden(theirs: Readonly<Record<string, string | null>>, read: ReadResult): ReadonlySet<string> {
    const unseen = new Set<string>();
    for (const [key, entry] of this.#entries ?? []) {
      if (!entry.hidden) continue;
      const { value } = entry;
      const updates = replayableUpdates(key, entry);
      const isConflict = Object.hasOwn(theirs, key);
      if (isUntouched(entry) && !entry.assigned && updates === undefined) {
        unseen.add(key);
        if (isConflict) entry.stored = theirs[key] ?? undefined;
        present(key, entry, read);
      } else if (isConflict) {
        entry.hidden = read.refused !== undefined;
      } else {
        present(key, entry, read);
        if (updates === undefined) entry.value = value;
        else updateAgain(key, entry, updates);
      }
    }
    return unseen;
  }

  #settle(key: string, text: string | null, base: unknown, theirs: unknown, policy: Conflict): Outcome {
    const entry = this.#entry(key);
    const updates = replayableUpdates(key, entry);
    if (updates === undefined && policy === 'reject') return 'rejected';
    entry.stored = text ?? undefined;
    entry.seen = this.#read === undefined ? entry.stored : jsonText(key, theirs);
    entry.given = theirs;
    if (updates !== undefined) {
      updateAgain(key, entry, updates);
      return 'updated';
    }
    if (typeof policy === 'function') {
      entry.value = policy(base, theirs, entry.value);
      return 'merged';
    }
    entry.overwrite = true;
    return 'overwritten';
  }

  /** The JSON text of a key, as far as this request knows. */
  #textOf(key: string): string | undefined {
    const known = this.#entries?.get(key);
    if (known !== undefined) return known.stored;
    return Object.hasOwn(this.#stored, key) ? this.#stored[key] : undefined;
  }

  #texts(): Readonly<Record<string, string>> {
    const known = [...(this.#entries ?? [])].map(([key, { stored }]) => [key, stored ?? null] as const);
    return withTexts(this.#stored, Object.fromEntries(known));
  }

  /**
   * The operations of this request without what was stored: what goes into a fresh row. Updates run on what the schema gives
   * in the place of what is not there.
   */
  detached(): Awaitable<Values> {
    const updated = [...(this.#entries ?? [])].filter(([, entry]) => entry.updates !== undefined);
    if (this.#read === undefined || updated.length === 0) return this.#onFreshRow();
    const without = withTexts(this.#stored, Object.fromEntries(updated.map(([key]) => [key, null])));
    return after(this.#read(without), (read) => this.#onFreshRow(read));
  }

  #onFreshRow(read?: ReadResult): Values {
    const fresh = new Values({}, this.#read);
    for (const [key, entry] of this.#entries ?? []) {
      if (!isCarried(key)) continue;
      const updates = replayableUpdates(key, entry);
      if (updates !== undefined) {
        if (read !== undefined) present(key, fresh.#entry(key), read);
        for (const fn of updates) fresh.update(key, fn);
      } else if (entry.assigned) fresh.set(key, entry.value);
    }
    return fresh;
  }

  #entry(key: string): Entry {
    const known = this.#entries?.get(key);
    if (known !== undefined) return known;
    const stored = this.#textOf(key);
    const value = parsed(stored);
    const entry: Entry = {
      stored,
      seen: stored,
      given: value,
      value,
      assigned: false,
      updates: undefined,
      updated: undefined,
      overwrite: false,
      hidden: false,
    };
    this.#entries ??= new Map();
    this.#entries.set(key, entry);
    return entry;
  }
}

/** Gives the handler another value than the stored one, as a schema read it. */
function present(key: string, entry: Entry, { refused, value }: ReadResult): void {
  const given = value(key);
  entry.value = given;
  entry.given = given;
  entry.seen = jsonText(key, given);
  entry.hidden = refused !== undefined;
}

/** True while the value is what the handler was given. Text of a foreign hand may be spelled otherwise than ours. */
function isUntouched({ value, seen, given }: Entry): boolean {
  if (typeof value !== 'object' && typeof given !== 'object') return value === given;
  const text = value === undefined ? undefined : textOf(value);
  return text === seen || (seen !== undefined && text === JSON.stringify(parsed(seen)));
}

/** JSON text, `null` for what has none: a cycle or a BigInt, put there in place. */
function textOf(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}

/** The updates, unless the value was changed in place after them. */
function replayableUpdates(key: string, entry: Entry): Update[] | undefined {
  if (entry.updates === undefined) return undefined;
  return jsonText(key, entry.value) === entry.updated ? entry.updates : undefined;
}

/** @throws TypeError where there was nothing to count on */
function applied(key: string, fn: Update, before: unknown): unknown {
  const value = fn(before);
  if (before !== undefined || !Number.isNaN(value)) return value;
  throw new TypeError(
    `The update of session data ${JSON.stringify(key)} was given undefined, for nothing stands there (any more), and made NaN of it: give its argument a default, as (value = 0) => value + 1.`,
  );
}

/** Runs the updates on what is given now. */
function updateAgain(key: string, entry: Entry, updates: readonly Update[]): void {
  entry.value = updates.reduce((value, fn) => applied(key, fn, value), entry.given);
  entry.updated = jsonText(key, entry.value);
}

/** The texts with these in their place; `null` = absent. */
function withTexts(
  texts: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...texts, ...others }).filter((entry) => entry[1] !== null);
  return Object.fromEntries(all) as Record<string, string>;
}
