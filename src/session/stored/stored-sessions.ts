import type { SessionStore } from '../../store/contract.ts';
import { guardedStore } from '../../store/guard.ts';
import { isDataKey, mergeFlash } from '../keys.ts';
import type { SessionOptions } from '../options.ts';
import { SessionManager } from '../sessions.ts';
import { type Settings, settingsOf } from '../settings.ts';
import type { SessionSummary, StoredSessions } from '../types.ts';
import type { Conflict } from '../values.ts';
import { storedBackend } from './backend.ts';
import { externalIndex } from './external-index.ts';
import type { StoredFound } from './find.ts';
import { noticingStore } from './noticing-store.ts';

const sweepLimit = 10_000;

/** @throws TypeError for an option that cannot be meant; the sentence says the fix. */
export function storedSessions<Data extends object>(options: SessionOptions<Data>): StoredSessions<Data> {
  const { maxPerUser, conflicts = {} } = options;
  if (maxPerUser !== undefined && !(Number.isInteger(maxPerUser) && maxPerUser > 0)) {
    throw new TypeError('maxPerUser must be a positive integer.');
  }
  const settings = settingsOf(options);
  const store = noticingStore(guardedStore(options.store, settings.guard), settings.views);
  const policies = new Map(Object.entries(conflicts)) as Map<string, Conflict>;
  const conflictOf = (key: string) => (isDataKey(key) ? (policies.get(key) ?? 'last') : mergeFlash);
  return new StoredSessionManager<Data>(settings, store, conflictOf, maxPerUser);
}

class StoredSessionManager<Data extends object>
  extends SessionManager<Data, StoredFound>
  implements StoredSessions<Data>
{
  readonly #store: SessionStore;
  readonly #report: Settings['report'];

  constructor(
    settings: Settings,
    store: SessionStore,
    conflictOf: (key: string) => Conflict,
    maxPerUser: number | undefined,
  ) {
    const { lifetimes, report } = settings;
    super(settings, storedBackend({ store, lifetimes, report, conflictOf, maxPerUser }));
    this.#store = store;
    this.#report = report;
  }

  async list(userId: string): Promise<SessionSummary[]> {
    const rows = await this.#store.listByUser(userId, { now: this.now() });
    return rows
      .sort((one, other) => other.seenAt - one.seenAt)
      .map(({ selector, createdAt, seenAt, idleAt, remember, device }) => ({
        handle: selector,
        createdAt,
        seenAt,
        expiresAt: idleAt,
        remember,
        device,
      }));
  }

  async revoke(handle: string, { user }: { user: string }): Promise<boolean> {
    const now = this.now();
    const row = await this.#store.read(handle, { now });
    if (row === undefined || row.userId !== user) return false;
    const lived = await this.#store.revoke(handle, { now });
    if (lived) this.#report({ kind: 'revoked', user, count: 1 }, handle);
    return lived;
  }

  async revokeAll(userId: string, { except }: { except?: string } = {}): Promise<number> {
    const count = await this.#store.revokeByUser(userId, { now: this.now(), except });
    this.#report({ kind: 'revoked', user: userId, count });
    return count;
  }

  async revokeByExternalId(id: string): Promise<number> {
    const count = await this.#store.revokeByUser(externalIndex(id), { now: this.now() });
    this.#report({ kind: 'revoked', user: undefined, count });
    return count;
  }

  sweep(limit: number = sweepLimit): Promise<number> {
    return this.#store.sweep(limit, { now: this.now() });
  }
}
