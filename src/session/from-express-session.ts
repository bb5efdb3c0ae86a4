import { after, equal, hmac } from '../crypto/index.ts';
import type { CommonOptions } from './options.ts';
import type { Adopted } from './types.ts';

/** What is asked of a store of express-session: every one has it. */
export interface ExpressSessionStore {
  get(id: string, done: (error: unknown, session?: unknown) => void): void;
  destroy(id: string, done?: (error?: unknown) => void): void;
}

/** How the application kept sessions with express-session. */
export interface ExpressSessionSource<Data extends object> {
  /** The `secret` there: one, or all that may have signed. */
  secret: string | readonly string[];
  /** The `store` there. */
  store: ExpressSessionStore;
  /** The `name` there. Default: `'connect.sid'`. */
  name?: string;
  /** Whose a session there is, and what of it goes on. `undefined`: nothing. */
  takeOver(old: Record<string, unknown>): Omit<Adopted<Data>, 'id' | 'discard'> | undefined;
}

const form = /^s:(.+)\.([\w+/]{43})$/s;
const utf8 = new TextEncoder();

/**
 * For `adopt` of `createSessions`: takes over the visitors of express-session, whatever store they are in. The signature of
 * the id is checked as there, the session is read from the old store, and destroyed there once ours stands in its place.
 * @throws TypeError without a secret or a store
 *
 * @example
 * ```ts
 * import { createHmac } from 'node:crypto';
 * import { createSessions, fromExpressSession } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const old = new Map<string, object>([['an-id', { userId: 'ada' }]]); // in an application: the store of express-session
 * const store = {
 *   get: (id: string, done: (error: unknown, session?: object) => void) => done(null, old.get(id)),
 *   destroy: (id: string) => old.delete(id),
 * };
 * const adopt = fromExpressSession({ secret: 'keyboard cat', store, takeOver: ({ userId }) => ({ user: String(userId) }) });
 * const sessions = createSessions({ store: memoryStore(), adopt });
 *
 * const mac = createHmac('sha256', 'keyboard cat').update('an-id').digest('base64').replace(/=+$/, '');
 * const session = await sessions.open(`connect.sid=${encodeURIComponent(`s:an-id.${mac}`)}`);
 * console.log(session.user); // → ada
 * ```
 */
export function fromExpressSession<Data extends object = Record<string, unknown>>(
  options: ExpressSessionSource<Data>,
): NonNullable<CommonOptions<Data>['adopt']> {
  const { name = 'connect.sid', store } = options ?? {};
  const secrets = [options?.secret ?? []].flat();
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== 'string' || secret === '')) {
    throw new TypeError('fromExpressSession needs the secret of express-session, or the list of them.');
  }
  if (typeof store?.get !== 'function' || typeof store.destroy !== 'function') {
    throw new TypeError(
      'fromExpressSession needs the store of express-session: its MemoryStore, or connect-redis.',
    );
  }
  const macs = secrets.map((secret) => hmac(utf8.encode(secret)));

  const idIn = async (text: string): Promise<string | undefined> => {
    const [, id = '', signature = ''] = form.exec(text) ?? [];
    const given = signature.replaceAll('+', '-').replaceAll('/', '_');
    const proofs = await Promise.all(macs.map((mac) => after(mac(id), (expected) => equal(expected, given))));
    return id !== '' && proofs.includes(true) ? id : undefined;
  };
  const read = (id: string) =>
    new Promise<unknown>((resolve, reject) => {
      store.get(id, (error, session) => (error ? reject(error) : resolve(session)));
    });
  const destroy = (id: string) =>
    new Promise<void>((resolve, reject) => {
      store.destroy(id, (error) => (error ? reject(error) : resolve()));
    });

  return async (readCookie) => {
    const text = readCookie(name);
    const id = text === undefined ? undefined : await idIn(text);
    const session = id === undefined ? undefined : await read(id);
    if (id === undefined || typeof session !== 'object' || session === null) return undefined;
    const taken = options.takeOver(session as Record<string, unknown>);
    return taken && { ...taken, id: text, discard: () => destroy(id) };
  };
}
