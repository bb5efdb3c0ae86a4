import { withSetCookie } from '../cookie/set-lines.ts';
import type { CookieSource } from '../cookie/types.ts';
import { type Clock, systemClock, timeoutToMilliseconds } from '../time.ts';
import { commitSession } from './commit.ts';
import type { Emission } from './emission.ts';
import { reporter } from './events.ts';
import { externalIndex } from './external-index.ts';
import { guardedStore } from './guarded-store.ts';
import { isDataKey, mergeFlash } from './keys.ts';
import { lifetimes } from './lifetime.ts';
import { openSession } from './open.ts';
import type { SessionOptions } from './options.ts';
import type { CommitContext } from './patch-row.ts';
import { StoredSession } from './session.ts';
import { type SessionCookie, sessionCookie } from './session-cookie.ts';
import { SessionState } from './state.ts';
import type { HeaderSink, Session, SessionSummary, StoredSessions } from './types.ts';
import type { Conflict } from './values.ts';

const sweepLimit = 10_000;

/**
 * Sessions over a store.
 * @throws TypeError for an option that cannot be meant; the sentence says the fix.
 */
export function createSessions<Data extends object = Record<string, unknown>>(
  options: SessionOptions<Data>,
): StoredSessions<Data> {
  return new SessionManager<Data>(options);
}

class SessionManager<Data extends object> implements StoredSessions<Data> {
  readonly #clock: Clock;
  readonly #cookie: SessionCookie;
  readonly #options: SessionOptions<Data>;
  readonly #context: CommitContext;

  constructor(options: SessionOptions<Data>) {
    if (typeof options?.store?.read !== 'function') {
      throw new TypeError('createSessions needs a store, for example sqliteStore(path) or memoryStore().');
    }
    const { maxPerUser, conflicts = {}, clock = systemClock } = options;
    if (maxPerUser !== undefined && !(Number.isInteger(maxPerUser) && maxPerUser > 0)) {
      throw new TypeError('maxPerUser must be a positive integer.');
    }
    const timeout = timeoutToMilliseconds(options.storeTimeout ?? '2s');
    const report = reporter(options.onEvent?.bind(options), clock);
    const policies = new Map(Object.entries(conflicts)) as Map<string, Conflict>;
    this.#clock = clock;
    this.#options = options;
    this.#cookie = sessionCookie(options.cookie);
    this.#context = {
      store: guardedStore(options.store, timeout, clock, report),
      lifetimes: lifetimes(options),
      conflictOf: (key) => (isDataKey(key) ? (policies.get(key) ?? 'last') : mergeFlash),
      maxPerUser,
      report,
    };
  }

  async open(from: CookieSource, { device }: { device?: string } = {}): Promise<Session<Data>> {
    const { schema, onStoreFailure = 'refuse' } = this.#options;
    const { store, report, lifetimes } = this.#context;
    const context = { cookie: this.#cookie, store, schema, onStoreFailure, report };
    const opened = await openSession(context, from, this.#now(), device);
    return new StoredSession<Data>(new SessionState(opened), this.#clock, lifetimes);
  }

  commit<T extends Response | Headers>(session: Session<Data>, to: T): Promise<T>;
  commit(session: Session<Data>, to?: HeaderSink): Promise<readonly string[]>;
  async commit(session: Session<Data>, to?: Response | Headers | HeaderSink): Promise<unknown> {
    const state = StoredSession.stateOf(session);
    state.assertOpen();
    const now = this.#now();
    const lines = this.#lines(await commitSession(this.#context, state, now), now);
    state.close();
    if (to === undefined) return lines;
    if ('headers' in to || 'getSetCookie' in to) return lines.length === 0 ? to : withSetCookie(to, lines);
    for (const line of lines) to.append('Set-Cookie', line);
    return lines;
  }

  abandon(session: Session<Data>): void {
    const state = StoredSession.stateOf(session);
    state.assertOpen();
    state.abandon();
  }

  async list(userId: string): Promise<SessionSummary[]> {
    const rows = await this.#context.store.listByUser(userId, { now: this.#now() });
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
    const { store, report } = this.#context;
    const now = this.#now();
    const row = await store.read(handle, { now });
    if (row === undefined || row.userId !== user) return false;
    const lived = await store.revoke(handle, { now });
    if (lived) report({ kind: 'revoked', user, count: 1 }, handle);
    return lived;
  }

  async revokeAll(userId: string, { except }: { except?: string } = {}): Promise<number> {
    const { store, report } = this.#context;
    const count = await store.revokeByUser(userId, { now: this.#now(), except });
    report({ kind: 'revoked', user: userId, count });
    return count;
  }

  async revokeByExternalId(id: string): Promise<number> {
    const { store, report } = this.#context;
    const count = await store.revokeByUser(externalIndex(id), { now: this.#now() });
    report({ kind: 'revoked', user: undefined, count });
    return count;
  }

  sweep(limit: number = sweepLimit): Promise<number> {
    return this.#context.store.sweep(limit, { now: this.#now() });
  }

  #now(): number {
    return Math.trunc(this.#clock.now());
  }

  #lines(emission: Emission, now: number): readonly string[] {
    if (emission === undefined) return [];
    if (emission === 'erase') return this.#cookie.erase();
    const { value, until } = emission;
    return this.#cookie.write(value, until === null ? null : Math.ceil((until - now) / 1000));
  }
}
