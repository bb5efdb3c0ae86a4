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

/** By what `createSessions` gave. Server and sessions share it without importing one another's code. */
const hosts = new WeakMap<object, HostSessions>();

export function provideHostSessions(sessions: object, host: HostSessions): void {
  hosts.set(sessions, host);
}

/** @throws TypeError for what `createSessions` did not give */
export function hostSessions(sessions: object): HostSessions {
  const host = hosts.get(sessions);
  if (host !== undefined) return host;
  throw new TypeError(
    'sessions is what createSessions(…) of this hallpass gives: pass it as it is, and see that hallpass is installed once (npm ls hallpass).',
  );
}
