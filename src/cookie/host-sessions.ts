import type { CookieAttributes } from './types.ts';

/** What a host, such as the pipeline, does with sessions beside what applications do with them. */
export interface HostSessions {
  /** The cookie that carries a session. */
  readonly cookie: { readonly name: string; readonly attributes: Readonly<CookieAttributes> };
  /**
   * As `commit(session)`, but the lines themselves where there is nothing to wait for: a host need not hold its answer back.
   * Throws or rejects with what `commit` rejects with.
   */
  commit(session: object): readonly string[] | Promise<readonly string[]>;
  /**
   * For a request that failed, before it is committed: drops what was written and a login, keeps a logout and a rotation.
   * True when there was something to drop.
   */
  abandon(session: object): boolean;
}

/**
 * Where sessions keep it. Known to every copy of this module: a framework may load one for its pages and another for its
 * routes, and a bundler one for each entry point.
 */
const key = Symbol.for('hallpass.sessions.1');

/** Not listed and not enumerable: no log of the sessions shows it. */
export function provideHostSessions(sessions: object, host: HostSessions): void {
  Object.defineProperty(sessions, key, { value: host });
}

/** @throws TypeError for what `createSessions` did not give */
export function hostSessions(sessions: object): HostSessions {
  const host = (sessions as { readonly [key]?: HostSessions })[key];
  if (host !== undefined) return host;
  throw new TypeError(
    'sessions is what createSessions(…) gives: pass it as it is, not a copy of it; and see that the versions of hallpass agree (npm ls hallpass).',
  );
}
