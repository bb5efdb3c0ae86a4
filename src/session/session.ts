import type { Verdict } from '../scope/verdict.ts';
import { checkedUser } from '../store/user-id.ts';
import { type Duration, toMilliseconds } from '../time.ts';
import type { Backend } from './backend.ts';
import { checkedExternalId } from './external-id.ts';
import { assertDataKey, flashKey, isDataKey } from './keys.ts';
import { deadlines } from './lifetime.ts';
import { liveData } from './live-data.ts';
import type { Settings } from './settings.ts';
import type { Found, SessionState } from './state.ts';
import type { LoginOptions, Session } from './types.ts';

/** What a handler holds: reads and writes memory only. Everything is private, so inspecting it shows nothing. */
export class OpenSession<Data extends object, Kept extends Found> implements Session<Data> {
  readonly #state: SessionState<Kept>;
  readonly #backend: Backend<Kept>;
  readonly #settings: Settings;
  #data: Partial<Data> | undefined;

  constructor(state: SessionState<Kept>, backend: Backend<Kept>, settings: Settings) {
    this.#state = state;
    this.#backend = backend;
    this.#settings = settings;
  }

  /** The state behind a session, for those who commit it. @throws TypeError for a session that is not theirs. */
  static stateOf<Kept extends Found>(session: object, backend: Backend<Kept>): SessionState<Kept> {
    if (session instanceof OpenSession && session.#backend === backend) return session.#state;
    throw new TypeError('This session was not opened here: commit it where open() gave it.');
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
    const { remember, externalId } = options;
    if (externalId !== undefined) checkedExternalId(externalId, 'login');
    this.#state.logIn({ userId: checkedUser(userId, 'login'), remember, externalId });
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
    const authenticatedAt = login === undefined ? row?.authenticatedAt : (login.authenticatedAt ?? opened.at);
    return (
      typeof authenticatedAt === 'number' &&
      this.#settings.clock.now() - authenticatedAt <= toMilliseconds(within)
    );
  }

  get id(): string {
    return (this.#state.kept ?? this.#state.row)?.selector ?? '';
  }

  get authority(): string {
    const { kept, login, row } = this.#state;
    const standing = kept ?? (login === undefined ? row : undefined);
    return standing === undefined ? '' : `${standing.selector}.${standing.gen}`;
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
    const { remembered, ordinary } = this.#settings.lifetimes;
    return deadlines(login?.remember === true ? remembered : ordinary, opened.at).idleAt;
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
