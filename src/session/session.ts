import type { Verdict } from '../scope/verdict.ts';
import { type Clock, type Duration, toMilliseconds } from '../time.ts';
import { assertDataKey, flashKey, isDataKey } from './keys.ts';
import { deadlines, type Lifetimes } from './lifetime.ts';
import { liveData } from './live-data.ts';
import type { SessionState } from './state.ts';
import type { LoginOptions, Session } from './types.ts';

const controls = /[\x00-\x1f\x7f]/;

/** What a handler holds: reads and writes memory only. Everything is private, so inspecting it shows nothing. */
export class StoredSession<Data extends object> implements Session<Data> {
  readonly #state: SessionState;
  readonly #clock: Clock;
  readonly #lifetimes: Lifetimes;
  #data: Partial<Data> | undefined;

  constructor(state: SessionState, clock: Clock, lifetimes: Lifetimes) {
    this.#state = state;
    this.#clock = clock;
    this.#lifetimes = lifetimes;
  }

  /** The state behind a session, for those who commit it. @throws TypeError for anything else. */
  static stateOf(session: object): SessionState {
    if (session instanceof StoredSession) return session.#state;
    throw new TypeError('This session was not opened by createSessions: pass what open() gave.');
  }

  get<K extends keyof Data>(key: K): Data[K] | undefined {
    return this.#state.values.get(assertDataKey(key)) as Data[K] | undefined;
  }

  set<K extends keyof Data>(key: K, value: Data[K]): void {
    this.#state.assertOpen();
    this.#state.values.set(assertDataKey(key), value);
  }

  delete(key: keyof Data): void {
    this.#state.assertOpen();
    this.#state.values.set(assertDataKey(key), undefined);
  }

  has(key: keyof Data): boolean {
    return this.#state.values.has(assertDataKey(key));
  }

  update<K extends keyof Data>(key: K, fn: (value: Data[K] | undefined) => Data[K] | undefined): void {
    this.#state.assertOpen();
    this.#state.values.update(assertDataKey(key), fn as (value: unknown) => unknown);
  }

  get data(): Partial<Data> {
    this.#data ??= liveData({
      get: (key) => this.#state.values.get(key),
      set: (key, value) => this.set(key as keyof Data, value as Data[keyof Data]),
      keys: () => this.#state.values.keys().filter(isDataKey),
    }) as Partial<Data>;
    return this.#data;
  }

  flash(key: string): unknown;
  flash(key: string, value: unknown): void;
  flash(key: string, ...given: unknown[]): unknown {
    const { values } = this.#state;
    const flashed = values.get(flashKey(key));
    if (given.length === 0 && flashed === undefined) return undefined;
    this.#state.assertOpen();
    values.set(flashKey(key), given[0]);
    return given.length === 0 ? flashed : undefined;
  }

  login(userId: string, options: LoginOptions = {}): void {
    if (typeof userId !== 'string' || userId === '' || controls.test(userId)) {
      throw new TypeError(
        'login needs the user’s id: a string that is not empty and has no control characters.',
      );
    }
    this.#state.logIn({ ...options, userId });
  }

  logout(): void {
    this.#state.logOut();
  }

  rotate(): void {
    this.#state.rotate();
  }

  get user(): string | undefined {
    return this.#state.user;
  }

  fresh(within: Duration): boolean {
    const { login, row, opened } = this.#state;
    const authenticatedAt = login === undefined ? row?.authenticatedAt : opened.at;
    return (
      typeof authenticatedAt === 'number' && this.#clock.now() - authenticatedAt <= toMilliseconds(within)
    );
  }

  get handle(): string {
    return this.#state.selector ?? this.#state.row?.selector ?? '';
  }

  get isNew(): boolean {
    return this.#state.row === undefined;
  }

  get createdAt(): number {
    return this.#state.row?.createdAt ?? this.#state.opened.at;
  }

  get expiresAt(): number {
    const { login, row, opened } = this.#state;
    if (row !== undefined && login === undefined) return row.idleAt;
    const lifetime = login?.remember === true ? this.#lifetimes.remembered : this.#lifetimes.ordinary;
    return deadlines(lifetime, opened.at).idleAt;
  }

  explain(): Verdict {
    return this.#state.opened.verdict;
  }

  /** Names keys, never values. */
  toJSON(): object {
    const { user, isNew, createdAt, expiresAt } = this;
    const keys = this.#state.values.keys().filter(isDataKey);
    return { user, isNew, createdAt, expiresAt, keys };
  }
}
