import type { ReservedValues } from '../cookie/host-sessions.ts';
import { detached, refuseDetached } from '../errors/detached.ts';
import { checkOptions, expectType, type Shape } from '../errors/misuse.ts';
import type { Verdict } from '../scope/verdict.ts';
import { checkedSignIn } from '../store/user-id.ts';
import { type Duration, lifetimeToMilliseconds } from '../time.ts';
import type { Backend } from './backend.ts';
import { checkedExternalIds } from './external-id.ts';
import { assertDataKey, flashKey, isDataKey, reservedKey } from './keys.ts';
import { deadlines } from './lifetime.ts';
import type { LoadedSession, RequestSession } from './request-session.ts';
import type { Settings } from './settings.ts';
import type { LoginOptions, Session } from './types.ts';

/** An external id is judged where it is read. */
const loginShape: Shape<LoginOptions> = { remember: 'boolean', externalId: 'any' };

/*
 * Beside the class, which sets them: a handler reaches the class, as `session.constructor`.
 */

/** What stands behind a session, for those who commit it. @throws TypeError for a session that is not theirs. */
export let sessionBehind: <Loaded extends LoadedSession>(
  session: object,
  backend: Backend<Loaded>,
) => RequestSession<Loaded>;

/** The values that a part of this library keeps in the session, and that no application sees. */
export let reservedValues: (session: object, part: string) => ReservedValues;

/** What a handler holds: reads and writes memory only. Everything is private, so inspecting it shows nothing. */
export class OpenSession<Data extends object, Loaded extends LoadedSession> implements Session<Data> {
  readonly #session: RequestSession<Loaded>;
  readonly #backend: Backend<Loaded>;
  readonly #settings: Settings;
  #data: Partial<Data> | undefined;

  constructor(session: RequestSession<Loaded>, backend: Backend<Loaded>, settings: Settings) {
    this.#session = session;
    this.#backend = backend;
    this.#settings = settings;
  }

  static {
    refuseDetached(OpenSession, (object) => #session in object, 'session', { but: ['user'] });
    sessionBehind = <Loaded extends LoadedSession>(session: object, backend: Backend<Loaded>) => {
      if (session instanceof OpenSession && session.#backend === backend) {
        return session.#session;
      }
      throw new TypeError('This session was not opened here: give it to the sessions whose open() gave it.');
    };
    reservedValues = (session, part) => {
      if (!(session instanceof OpenSession)) throw new TypeError('This is no session of hallpass.');
      return reservedIn(session.#session, part);
    };
  }

  get<K extends keyof Data>(key: K): Data[K] | undefined {
    return this.#session.values.get(assertDataKey(key)) as Data[K] | undefined;
  }

  set<K extends keyof Data>(key: K, value: Data[K]): void {
    this.#session.assertWritable();
    this.#session.values.set(assertDataKey(key), value);
  }

  delete(key: keyof Data): void {
    this.#session.assertWritable();
    this.#session.values.set(assertDataKey(key), undefined);
  }

  has(key: keyof Data): boolean {
    return this.#session.values.has(assertDataKey(key));
  }

  update<K extends keyof Data>(key: K, fn: (value: Data[K] | undefined) => Data[K] | undefined): void {
    expectType(fn, 'function', 'What makes the new value of session.update(key, fn)');
    this.#session.assertWritable();
    this.#session.values.update(assertDataKey(key), fn as (value: unknown) => unknown);
  }

  set data(_: never) {
    throw new TypeError(
      'session.data cannot be replaced: set its properties, as session.data.cart = …, or session.set(key, value).',
    );
  }

  get data(): Partial<Data> {
    this.#data ??= liveData({
      get: (key) => this.#session.values.get(key),
      set: (key, value) => this.set(key as keyof Data, value as Data[keyof Data]),
      keys: () => this.#session.values.keys().filter(isDataKey),
    }) as Partial<Data>;
    return this.#data;
  }

  flash(key: string): unknown;
  flash(key: string, value: unknown): void;
  flash(key: string, ...given: unknown[]): unknown {
    if (typeof key !== 'string') expectType(key, 'string', 'The key of session.flash(key, value)');
    const { values } = this.#session;
    const flashed = values.get(flashKey(key));
    if (given.length === 0 && flashed === undefined) return undefined;
    this.#session.assertWritable();
    values.set(flashKey(key), given[0]);
    return given.length === 0 ? flashed : undefined;
  }

  login(userId: string, options: LoginOptions = {}): void {
    checkOptions(options, loginShape, 'session.login');
    const externalIds = checkedExternalIds(options.externalId, 'login');
    this.#session.logIn({ userId: checkedSignIn(userId, 'login'), remember: options.remember, externalIds });
  }

  logout(): void {
    this.#session.logOut();
  }

  rotate(): void {
    this.#session.rotate();
  }

  quiet(): void {
    this.#session.assertOpen();
    this.#session.quiet = true;
  }

  get user(): string | undefined {
    let session: RequestSession<Loaded>;
    try {
      session = this.#session;
    } catch {
      throw detached('user', 'session');
    }
    return session.user;
  }

  fresh(within: Duration): boolean {
    const { login, row, opened } = this.#session;
    const longest = lifetimeToMilliseconds(within);
    const authenticatedAt = login === undefined ? row?.authenticatedAt : (login.authenticatedAt ?? opened.at);
    return typeof authenticatedAt === 'number' && this.#settings.clock.now() - authenticatedAt <= longest;
  }

  get id(): string {
    return (this.#session.committed ?? this.#session.row)?.selector ?? '';
  }

  get authority(): string {
    const { committed, login, row, adopting } = this.#session;
    const signsIn = login !== undefined && !login.adopted;
    const adopted = login === undefined || adopting === undefined ? undefined : { ...adopting, gen: 0 };
    const standing = committed ?? (signsIn ? undefined : (row ?? adopted));
    return standing === undefined ? '' : `${standing.selector}.${standing.gen}`;
  }

  get isNew(): boolean {
    return this.#session.row === undefined;
  }

  get createdAt(): number {
    return this.#session.row?.createdAt ?? this.#session.opened.at;
  }

  get expiresAt(): number {
    const { login, row, opened } = this.#session;
    if (row !== undefined && login === undefined) return row.idleAt;
    const { remembered, ordinary } = this.#settings.lifetimes;
    return deadlines(login?.remember === true ? remembered : ordinary, opened.at).idleAt;
  }

  explain(): Verdict {
    return this.#session.opened.verdict;
  }

  /** Names keys, never values. */
  toJSON(): object {
    const { user, isNew, createdAt, expiresAt } = this;
    const keys = this.#session.values.keys().filter(isDataKey);
    return { user, isNew, createdAt, expiresAt, keys };
  }
}

function reservedIn(session: RequestSession, part: string): ReservedValues {
  return {
    get: (key) => session.values.get(reservedKey(part, key)),
    set(key, value) {
      session.assertWritable();
      session.values.set(reservedKey(part, key), value);
    },
    update(key, fn) {
      session.assertWritable();
      session.values.update(reservedKey(part, key), fn);
    },
    send(name, value) {
      session.assertOpen();
      session.headers = [...session.headers, [name, value]];
    },
  };
}

/** Reads and writes by key, which the object below turns into properties. */
interface DataAccess {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  keys(): string[];
}

/** Session data as an object: reading, writing and deleting its properties are operations on the session. */
function liveData(access: DataAccess): object {
  const has = (key: string | symbol): key is string => isDataKey(key) && access.get(key) !== undefined;
  const set = (key: string | symbol, value: unknown) => {
    access.set(assertDataKey(key), value);
    return true;
  };
  return new Proxy(Object.create(null), {
    get: (_, key) => (has(key) ? access.get(key) : undefined),
    has: (_, key) => has(key),
    ownKeys: () => access.keys(),
    getOwnPropertyDescriptor: (_, key) =>
      has(key) ? { value: access.get(key), writable: true, enumerable: true, configurable: true } : undefined,
    set: (_, key, value) => set(key, value),
    defineProperty: (_, key, { value }) => set(key, value),
    deleteProperty: (_, key) => set(key, undefined),
  });
}
