import type { CookieAttributes } from './types.ts';

/** What a committed session gives to the head of an answer. */
export interface SessionHead {
  /** Set-Cookie lines. */
  readonly cookies: readonly string[];
  /** Other headers, which are appended. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What a part of this library keeps in a session beside the data: no schema, `data` or `toJSON` shows it. */
export interface ReservedValues {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** Never loses, as `update` of a session. */
  update(key: string, fn: (value: unknown) => unknown): void;
  /** A header of the answer that the session is committed with; none where the commit fails. */
  send(name: string, value: string): void;
}

/** What a host knows of who asks. */
interface HostFacts {
  readonly device: string | undefined;
  /** An application may tell it, so it need not be what it should. */
  readonly address: string | undefined;
}

/** What a host, such as the pipeline, does with sessions beside what applications do with them. */
export interface HostSessions {
  /** The cookie that carries a session. */
  readonly cookie: { readonly name: string; readonly attributes: Readonly<CookieAttributes> };
  /** As `open(from, facts)`, but at once where there is nothing to wait for. Throws or rejects with what `open` rejects with. */
  open(from: string | undefined, facts: HostFacts): object | Promise<object>;
  /**
   * From here on the host alone commits it: `sessions.commit` refuses it.
   * @param isForReading true: it takes no write, for there is no answer
   * @throws TypeError for a session that is not theirs
   */
  claim(session: object, isForReading?: boolean): void;
  /**
   * As `commit(session)`, but at once where there is nothing to wait for: a host need not hold its answer back.
   * Throws or rejects with what `commit` rejects with.
   */
  commit(session: object): SessionHead | Promise<SessionHead>;
  /**
   * For a request that failed, before it is committed: drops what was written and a login, keeps a logout and a rotation.
   * True when there was something to drop.
   */
  abandon(session: object): boolean;
  /** @param part of the library, whose values these are */
  reserved(session: object, part: string): ReservedValues;
  /** What a request came with, and what its commit would do. */
  pending(session: object): PendingSession;
}

/** A session before its commit. */
export interface PendingSession {
  /** True when no session cookie came, of ours or of another library. */
  readonly cameWithNothing: boolean;
  /** True after a login. */
  readonly signsIn: boolean;
  /** True after a login, a logout or a rotation that the commit would make real. */
  readonly changesSignIn: boolean;
}

/**
 * Where sessions keep it. Known to every copy of this module: a framework may load one for its pages and another for its
 * routes, and a bundler one for each entry point.
 */
const key = Symbol.for('hallpass.sessions.4');

/** What a copy of this module shows to be given it: whoever looks through the sessions finds a function that gives nothing. */
const asHost = 'a host of hallpass';

type Ask = (shown: string) => HostSessions | undefined;

/** Not listed and not enumerable: no log of the sessions shows it. */
export function provideHostSessions(sessions: object, host: HostSessions): void {
  const ask: Ask = (shown) => (shown === asHost ? host : undefined);
  Object.defineProperty(sessions, key, { value: ask });
}

/** @throws TypeError for what `createSessions` did not give */
export function hostSessions(sessions: object): HostSessions {
  const host = (sessions as { readonly [key]?: Ask })[key]?.(asHost);
  if (host !== undefined) return host;
  throw new TypeError(
    'sessions is what createSessions(…) gives: pass it as it is, not a copy of it; and see that the versions of hallpass agree (npm ls hallpass).',
  );
}
