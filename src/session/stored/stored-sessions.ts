import { refuseDetached } from '../../errors/detached.ts';
import { checkOptions, expectType } from '../../errors/misuse.ts';
import { Everything } from '../../store/everything.ts';
import { externalIndex } from '../../store/index-names.ts';
import { isLive } from '../../store/record.ts';
import { defaultSweepLimit, type TimedStore, timedStore } from '../../store/time-limit.ts';
import { checkedUser } from '../../store/user-id.ts';
import type { Backend } from '../backend.ts';
import { checkedExternalId } from '../external-id.ts';
import { isFlashKey, mergeFlash, reservedKey } from '../keys.ts';
import type { SessionOptions } from '../options.ts';
import { isSelector } from '../selector.ts';
import { openAgain, SessionManager, standingOf } from '../sessions.ts';
import { nowOf, type Settings, settingsOf } from '../settings.ts';
import type { Reopened, Session, SessionSummary, SessionView, StoredSessions } from '../types.ts';
import type { Conflict } from '../values.ts';
import { storedBackend } from './backend.ts';
import { watchClockSkew } from './clock-skew.ts';
import type { StoredSession } from './find.ts';
import { listOf } from './login.ts';
import { MaxPerUser } from './max-per-user.ts';
import { notifyViews } from './notify-views.ts';
import { sessionVerifiers } from './session-token.ts';
import { Turns } from './turns.ts';

/** Under which a session carries the epoch that it began in. */
const epochKey = reservedKey('everything', 'epoch');

/** @throws TypeError for an option that cannot be meant; the sentence says the fix. */
export function storedSessions<Data extends object>(options: SessionOptions<Data>): StoredSessions<Data> {
  const { conflicts = {} } = options;
  const maxPerUser = options.maxPerUser === undefined ? undefined : new MaxPerUser(options.maxPerUser);
  const settings = settingsOf(options);
  const timed = timedStore(options.store, settings.timeLimit);
  const watched = options.onEvent === undefined ? timed : watchClockSkew(timed, options.store, settings);
  const store = notifyViews(watched, settings.views);
  const policies = new Map(Object.entries(conflicts)) as Map<string, Conflict>;
  const conflictOf = (key: string) => (isFlashKey(key) ? mergeFlash : (policies.get(key) ?? 'last'));
  return new StoredSessionManager<Data>(settings, store, conflictOf, maxPerUser);
}

class StoredSessionManager<Data extends object>
  extends SessionManager<Data, StoredSession>
  implements StoredSessions<Data>
{
  readonly #store: TimedStore;
  readonly #backend: Backend<StoredSession>;
  readonly #everything: Everything;
  readonly #settings: Settings;

  constructor(
    settings: Settings,
    store: TimedStore,
    conflictOf: (key: string) => Conflict,
    maxPerUser: MaxPerUser | undefined,
  ) {
    const { lifetimes, report, cookie } = settings;
    const verifiers = sessionVerifiers(cookie.name);
    const formerVerifiers = new Map(cookie.formerNames.map((name) => [name, sessionVerifiers(name)]));
    const everything = new Everything(store, [cookie.name, ...cookie.formerNames], epochKey);
    const facts = {
      store,
      verifiers,
      formerVerifiers,
      everything,
      lifetimes,
      report,
      conflictOf,
      maxPerUser,
      // The other half of the time is left for the calls of whoever waited longest.
      turns: new Turns(settings.clock, settings.storeTimeout / 2),
    };
    const backend = storedBackend(facts);
    super(settings, backend);
    this.#backend = backend;
    this.#store = store;
    this.#everything = everything;
    this.#settings = settings;
  }

  static {
    refuseDetached(StoredSessionManager, (object) => #store in object, 'sessions');
  }

  async list(userId: string): Promise<SessionSummary[]> {
    const now = nowOf(this.#settings);
    const rows = await listOf(this.#store, this.#everything, checkedUser(userId, 'list'), now);
    return rows
      .sort((one, other) => other.seenAt - one.seenAt)
      .map(({ selector, createdAt, seenAt, idleAt, remember, device }) => ({
        id: selector,
        createdAt,
        seenAt,
        expiresAt: idleAt,
        remember,
        device,
      }));
  }

  async reopen(session: Session<Data> | SessionView<Data>): Promise<Reopened<Data>> {
    const row = standingOf(session, this.#settings, this.#backend);
    if (row === undefined) {
      throw new TypeError('There is no session to open again: nothing is stored of this visitor.');
    }
    const now = nowOf(this.#settings);
    const present = await this.#backend.check(row, now);
    if (typeof present === 'string') return { gone: present };
    const loaded = { row: present, verifier: '', successor: undefined };
    return { session: await openAgain(loaded, this.#settings, this.#backend, now) };
  }

  async revoke(id: string, of: { user: string }): Promise<boolean> {
    expectType(of, 'object', 'Whose session it is, the { user } of sessions.revoke(id, { user }),');
    checkOptions(of, { user: 'any' }, 'sessions.revoke');
    expectType(id, 'string', 'The id of the session for sessions.revoke(id, { user })');
    const user = checkedUser(of.user, 'sessions.revoke');
    if (!isSelector(id)) return false;
    const now = nowOf(this.#settings);
    const row = await this.#store.read(id, { now });
    if (!isLive(row) || row.userId !== user || (await this.#everything.hasEnded(row, now))) return false;
    const lived = await this.#store.revoke(id, { now });
    if (lived) this.#settings.report({ type: 'revoked', user, count: 1 }, id);
    return lived;
  }

  async revokeAll(userId: string, o: { except?: string } = {}): Promise<number> {
    checkOptions(o, { except: 'string' }, 'sessions.revokeAll');
    const { except } = o;
    const index = checkedUser(userId, 'revokeAll');
    const count = await this.#everything.revokeByUser(index, { now: nowOf(this.#settings), except });
    this.#settings.report({ type: 'revoked', user: userId, count });
    return count;
  }

  async revokeByExternalId(id: string): Promise<number> {
    const index = externalIndex(checkedExternalId(id, 'revokeByExternalId'));
    const count = await this.#everything.revokeByUser(index, { now: nowOf(this.#settings) });
    this.#settings.report({ type: 'revoked', user: undefined, count });
    return count;
  }

  async revokeEverything(): Promise<void> {
    await this.#everything.raise(nowOf(this.#settings));
    this.#settings.report({ type: 'revoked-everything' });
    this.#settings.views.touchedWhere(() => true);
  }

  async sweep(limit: number = defaultSweepLimit): Promise<number> {
    return this.#store.sweep(limit, { now: nowOf(this.#settings) });
  }
}
