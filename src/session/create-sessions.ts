import { aStore } from '../errors/kinds.ts';
import { checkOptions } from '../errors/misuse.ts';
import { type SealedOptions, type SessionOptions, sessionShape } from './options.ts';
import { sealedSessions } from './sealed/sealed-sessions.ts';
import { storedSessions } from './stored/stored-sessions.ts';
import type { Sessions, StoredSessions } from './types.ts';

/**
 * Sessions over a store: the cookie names a row. Writes of parallel requests merge, a revoked session never comes back, and
 * a user's sessions can be listed and ended from outside.
 * @throws TypeError for an option that cannot be meant; the sentence says the fix.
 *
 * @example
 * ```ts
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const sessions = createSessions<{ cart: string[] }>({ store: memoryStore() });
 * const session = await sessions.open(null); // a Request, a request of Node or of a framework, or a Cookie header
 * session.login('ada');
 * session.set('cart', ['tea']);
 * const [setCookie = ''] = await sessions.commit(session);
 *
 * const next = await sessions.open(setCookie.split(';')[0]);
 * console.log(next.user, next.get('cart')); // → ada [ 'tea' ]
 * ```
 */
export function createSessions<Data extends object = Record<string, unknown>>(
  options: SessionOptions<Data>,
): StoredSessions<Data>;
/**
 * Sessions sealed in the cookie: no row anywhere. The cookie is encrypted and authenticated (AES-256-GCM under a key of its
 * own for each cookie name and day), holds its idle and absolute deadlines, which the server checks, and a random id.
 * Login and logout put the id on the list of revocations, so that no copy of the cookie is good any longer wherever the
 * list is read; `revocations.add(session.id, until)` does the same from outside.
 *
 * What only a store can do: of parallel writes the last response wins whole, for nothing merges them; an older copy of the
 * cookie shows older data until a login or logout, after `rotate` too; nobody can list a user's sessions or end them all.
 * Name and value are 4096 bytes at most, about 2.8 kB of data; more is a TypeError at commit.
 * @throws TypeError for an option that cannot be meant; the sentence says the fix.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing } from 'hallpass/seal';
 * import { createSessions } from 'hallpass/session';
 * import { memoryRevocations } from 'hallpass/stores/memory';
 *
 * const sealed = { keys: keyRing(generateKey()), revocations: memoryRevocations() };
 * const sessions = createSessions({ sealed });
 * const session = await sessions.open(null);
 * session.login('ada');
 * const [setCookie = ''] = await sessions.commit(session);
 *
 * const next = await sessions.open(setCookie.split(';')[0]);
 * console.log(next.user); // → ada
 * ```
 */
export function createSessions<Data extends object = Record<string, unknown>>(
  options: SealedOptions<Data>,
): Sessions<Data>;
export function createSessions<Data extends object>(
  options: Partial<SessionOptions<Data> & SealedOptions<Data>>,
): Sessions<Data> {
  if (options !== undefined) checkOptions<object>(options, sessionShape, 'createSessions');
  const { store, sealed } = options ?? {};
  if (store !== undefined && sealed !== undefined) {
    throw new TypeError('createSessions takes a store or sealed, not both: leave one out.');
  }
  if (sealed !== undefined) return sealedSessions<Data>({ ...options, sealed });
  if (store !== undefined) {
    aStore(store, 'createSessions', 'store');
    return storedSessions<Data>({ ...options, store });
  }
  throw new TypeError(
    'createSessions needs a store, for example sqliteStore(path) or memoryStore(), or sealed: keyRing(…).',
  );
}
