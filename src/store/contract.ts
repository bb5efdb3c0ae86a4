/**
 * One session, as a store keeps it. Instants are milliseconds since 1970, hashes and nonces base64url.
 * A store never looks inside a value of `data`: each is opaque JSON text.
 */
export interface SessionRecord {
  /** Finds the row; 128 random bits, base64url. Never changes while the session lives. */
  readonly selector: string;
  /** The generation of authority: raised by login. A patch of another generation is superseded. */
  readonly gen: number;
  /** SHA-256 of the present verifier. */
  readonly hash: string;
  /** SHA-256 of the verifier before the last rotation, served until `prevUntil`. */
  readonly prev?: string;
  readonly prevUntil?: number;
  /** From which, with the verifier before, the present verifier is derived again. */
  readonly nonce?: string;
  readonly userId: string | null;
  /** What the session is called at identity providers, for back-channel logout. */
  readonly externalIds?: readonly string[];
  /** JSON text per top-level key. */
  readonly data: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** When the user was last authenticated; the absolute deadline counts from there. */
  readonly authenticatedAt: number | null;
  readonly seenAt: number;
  /** Milliseconds that the session may lie idle. */
  readonly idle: number;
  readonly idleAt: number;
  readonly absoluteAt: number;
  /** True when the cookie outlives the browser. */
  readonly remember: boolean;
  readonly device?: string;
}

/** The change of verifier that a rotation makes: a compare-and-swap from one hash to the next. */
export interface VerifierSwap {
  readonly from: string;
  readonly to: string;
  readonly nonce: string;
  readonly prevUntil: number;
}

/** The change of authority that a login makes. The old verifier has no successor: it dies at once. */
export interface LoginSwap {
  readonly userId: string;
  readonly to: string;
  /** The user's epoch as `enlist` gave it; another one in the store refuses the login. */
  readonly epoch: number;
  readonly externalIds?: readonly string[];
  readonly authenticatedAt: number;
  readonly absoluteAt: number;
  readonly idle: number;
  readonly idleAt: number;
  readonly remember: boolean;
  readonly device?: string;
}

/** One conditional change of one row. */
export interface SessionPatch {
  /** The generation that the session was opened with. */
  readonly gen: number;
  readonly now: number;
  readonly set?: Readonly<Record<string, string>>;
  readonly delete?: readonly string[];
  /** The JSON text that each of these keys must still have, `null` = absent; otherwise nothing is written. */
  readonly base?: Readonly<Record<string, string | null>>;
  /** True: the session was not used by this, so `seenAt` and `idleAt` stay as they are. */
  readonly quiet?: boolean;
  readonly verifier?: VerifierSwap;
  readonly login?: LoginSwap;
}

/** How a session came to its end. */
export type Ended = 'expired' | 'revoked';

/** What became of a patch. */
export type PatchResult =
  /** Written. The hash and nonce that the row has now, also when another request won the rotation. */
  | { readonly ok: { readonly hash: string; readonly nonce: string | undefined } }
  /** Nothing written: what the keys of `base` hold now. */
  | { readonly conflict: Readonly<Record<string, string | null>> }
  /** Nothing written: the row cannot be written any more, or, `'revoked'` too, the epoch of a login has moved. */
  | { readonly gone: 'absent' | 'expired' | 'revoked' | 'superseded' };

/**
 * Where sessions live. Every method is one atomic step. A store never reads a clock: `now` comes in.
 * There is no upsert: `create` inserts, `patch` and `touch` update, `revoke` is terminal. So is expiry, once it was told:
 * a `read`, `patch` or `touch` that finds a session past its deadline ends it, because another call may be on its way that
 * took its `now` before the deadline.
 * Methods reject only for system failures.
 */
export interface SessionStore extends Partial<AsyncDisposable> {
  /** Insert only. `'gone'`: a tombstone stands there, or the user's epoch moved. */
  create(record: SessionRecord, o: { now: number; epoch?: number }): Promise<'created' | 'exists' | 'gone'>;
  /** The live row, or how the session ended, as long as the store still knows; `undefined` where nothing stands. */
  read(selector: string, o: { now: number }): Promise<SessionRecord | Ended | undefined>;
  /**
   * Several rows, each as `read` gives it, in this order: asked where a request brings several cookies of one name. For stores on another
   * machine, as one round trip. Default: each is read, all at once.
   */
  readMany?(selectors: readonly string[], o: { now: number }): Promise<(SessionRecord | Ended | undefined)[]>;
  /** Update only. */
  patch(selector: string, patch: SessionPatch): Promise<PatchResult>;
  /** Sets `idleAt = max(idleAt, min(now + row.idle, row.absoluteAt))`. Never revives. False when nothing lives there. */
  touch(selector: string, o: { gen: number; now: number }): Promise<boolean>;
  /** Terminal; leaves a tombstone even where nothing stood. True when a live row ended. */
  revoke(selector: string, o: { now: number }): Promise<boolean>;
  /** Puts the selector on the user's index, which lets go of nobody before `until`, and tells the user's epoch. */
  enlist(userId: string, selector: string, o: { now: number; until: number }): Promise<{ epoch: number }>;
  /** The live sessions of a user. */
  listByUser(userId: string, o: { now: number }): Promise<SessionRecord[]>;
  /**
   * Raises the user's epoch, then ends every session of the index but `except` and those whose rows, as they stand when
   * they would end, say that they belong to another: a row with a `userId`, which neither is this one nor has an id
   * among its `externalIds` whose index this is. What does not stand yet, and what is anonymous, ends. How many lived.
   */
  revokeByUser(userId: string, o: { now: number; except?: string }): Promise<number>;
  /** Removes up to `limit` rows that are past every deadline. How many went. */
  sweep(limit: number, o: { now: number }): Promise<number>;
  /** The time by the store's own clock, in ms since 1970, where it is another machine's: clocks are compared with it, and nothing goes by it. */
  serverTime?(): Promise<number>;
}

/** Ids that ended before their deadline: what makes logout real for sealed sessions and tokens. */
export interface RevocationList {
  /** @param until when the id would have expired by itself, in ms since 1970. */
  add(id: string, until: number): Promise<void>;
  has(id: string, now: number): Promise<boolean>;
}
