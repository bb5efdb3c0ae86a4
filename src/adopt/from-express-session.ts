import { after, equal, hmac } from '../crypto/index.ts';
import { having, type Shape } from '../errors/misuse.ts';
import { type Adopt, type AdoptOptions, adoptShape, readerOf, takingOver } from './take-over.ts';

/** What is asked of a store of express-session: every one has it. */
export interface ExpressSessionStore {
  get(id: string, done: (error: unknown, session?: unknown) => void): void;
  destroy(id: string, done?: (error?: unknown) => void): void;
}

/** How the application kept sessions with express-session. */
export interface FromExpressSessionOptions<Data extends object> extends AdoptOptions<Data> {
  /** The `secret` there: one, or all that may have signed. */
  secret: string | readonly string[];
  /** The `store` there. */
  store: ExpressSessionStore;
  /** The `name` there. Default: `'connect.sid'`. */
  name?: string;
}

const form = /^s:(.+)\.([A-Za-z\d+/]{43})$/s;
const utf8 = new TextEncoder();

const shape: Shape<FromExpressSessionOptions<object>> = {
  ...adoptShape,
  secret: 'string|array',
  store: having('the store of express-session: its MemoryStore, or connect-redis', 'get', 'destroy'),
  name: 'string',
};

/**
 * For `adopt` of `createSessions`: takes over the visitors of express-session, whatever store they are in. The signature of
 * the id is checked as there, the session is read from the old store, and destroyed there once ours stands in its place.
 * @throws TypeError without a secret or a store
 *
 * @example
 * ```ts
 * import { createHmac } from 'node:crypto';
 * import { fromExpressSession } from 'hallpass/adopt';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const old = new Map<string, object>([['an-id', { userId: 'ada' }]]); // in an application: the store of express-session
 * const store = {
 *   get: (id: string, done: (error: unknown, session?: object) => void) => done(null, old.get(id)),
 *   destroy: (id: string) => old.delete(id),
 * };
 * const adopt = fromExpressSession({ secret: 'keyboard cat', store, takeOver: ({ userId }) => ({ user: userId as string | undefined }) });
 * const sessions = createSessions({ store: memoryStore(), adopt });
 *
 * const mac = createHmac('sha256', 'keyboard cat').update('an-id').digest('base64').replace(/=+$/, '');
 * const session = await sessions.open(`connect.sid=${encodeURIComponent(`s:an-id.${mac}`)}`);
 * console.log(session.user); // → ada
 * ```
 */
export function fromExpressSession<Data extends object = Record<string, unknown>>(
  options: FromExpressSessionOptions<Data>,
): Adopt<Data> {
  const { name = 'connect.sid', store } = options ?? {};
  const takeOver = takingOver(options, shape, 'fromExpressSession', name);
  const secrets = [options.secret ?? []].flat();
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== 'string' || secret === '')) {
    throw new TypeError('fromExpressSession needs the secret of express-session, or the list of them.');
  }
  if (store === undefined) throw new TypeError('fromExpressSession needs the store of express-session.');
  const macs = secrets.map((secret) => hmac(utf8.encode(secret)));

  const isSigned = async (id: string, signature: string): Promise<boolean> => {
    const given = signature.replaceAll('+', '-').replaceAll('/', '_');
    const proofs = await Promise.all(macs.map((mac) => after(mac(id), (expected) => equal(expected, given))));
    return proofs.includes(true);
  };
  const read = (id: string) =>
    new Promise<unknown>((resolve, reject) => {
      store.get(id, (error, session) => (error ? reject(error) : resolve(session)));
    });
  const destroy = (id: string) =>
    new Promise<void>((resolve, reject) => {
      store.destroy(id, (error) => (error ? reject(error) : resolve()));
    });

  return readerOf('fromExpressSession', async (readCookie) => {
    const text = readCookie(name);
    if (text === undefined) return undefined;
    const [, id, signature = ''] = form.exec(text) ?? [];
    if (id === undefined) return { cookie: name, refused: 'malformed' };
    if (!(await isSigned(id, signature))) return { cookie: name, refused: 'unproved' };
    const session = await read(id);
    if (session === undefined || session === null) return { cookie: name, refused: 'unknown' };
    return takeOver([name], session, { id, expiresAt: endOf(session), discard: () => destroy(id) });
  });
}

/** When its cookie ends, in ms since 1970; `undefined` for one of the browser session. */
function endOf(session: unknown): number | undefined {
  const { cookie } = session as { cookie?: { expires?: unknown } | null };
  const end = new Date((cookie?.expires ?? Number.NaN) as string).getTime();
  return end > 0 ? end : undefined;
}
