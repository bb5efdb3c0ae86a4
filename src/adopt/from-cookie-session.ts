import type { Shape } from '../errors/misuse.ts';
import { decodeBase64 } from './base64.ts';
import { readJson } from './read-json.ts';
import { type Adopt, type AdoptOptions, adoptShape, readerOf, takingOver } from './take-over.ts';

/** How the application kept sessions with cookie-session. */
export interface FromCookieSessionOptions<Data extends object> extends AdoptOptions<Data> {
  /** The `keys` there, or its `secret`: all that may have signed. */
  keys: string | readonly string[];
  /** The `name` there. Default: `'session'`. */
  name?: string;
}

const sha1 = { name: 'HMAC', hash: 'SHA-1' };
const utf8 = new TextEncoder();

const shape: Shape<FromCookieSessionOptions<object>> = {
  ...adoptShape,
  keys: 'string|array',
  name: 'string',
};

/**
 * For `adopt` of `createSessions`: takes over the visitors of cookie-session. Its two cookies are checked as there: the
 * session in base64, and beside it `.sig`, an HMAC-SHA-1 by one of the keys.
 *
 * Two visitors may have the same cookie there, and none of them ends before the browser forgets it: each request that comes
 * with it begins a session of its own, and a copy of it opens one for as long as this stands in `adopt`. An id made of the value would put
 * two devices of a user, or two visitors without a cart, into one session; what parallel first requests leave behind ends by `idle`.
 * @throws TypeError without keys
 *
 * @example
 * ```ts
 * import { createHmac } from 'node:crypto';
 * import { fromCookieSession } from 'hallpass/adopt';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const adopt = fromCookieSession({ keys: ['key'], takeOver: ({ userId }) => ({ user: userId as string | undefined }) });
 * const sessions = createSessions({ store: memoryStore(), adopt });
 *
 * const value = btoa('{"userId":"ada"}');
 * const signature = createHmac('sha1', 'key').update(`session=${value}`).digest('base64url');
 * const session = await sessions.open(`session=${value}; session.sig=${signature}`);
 * console.log(session.user); // → ada
 * ```
 */
export function fromCookieSession<Data extends object = Record<string, unknown>>(
  options: FromCookieSessionOptions<Data>,
): Adopt<Data> {
  const { name = 'session' } = options ?? {};
  const takeOver = takingOver(options, shape, 'fromCookieSession', name);
  const signatureName = `${name}.sig`;
  const keys = [options.keys ?? []].flat();
  if (keys.length === 0 || keys.some((key) => typeof key !== 'string' || key === '')) {
    throw new TypeError('fromCookieSession needs the keys of cookie-session, or its secret.');
  }
  const isSigned = async (value: string, signature: Uint8Array<ArrayBuffer>) => {
    const text = utf8.encode(`${name}=${value}`);
    for (const key of keys) {
      const imported = await crypto.subtle.importKey('raw', utf8.encode(key), sha1, false, ['verify']);
      if (await crypto.subtle.verify('HMAC', imported, signature, text)) return true;
    }
    return false;
  };

  return readerOf('fromCookieSession', async (readCookie) => {
    const value = readCookie(name);
    if (value === undefined) return undefined;
    const signature = decodeBase64(readCookie(signatureName) ?? '');
    if (signature === undefined || !(await isSigned(value, signature))) {
      return { cookie: name, refused: 'unproved' };
    }
    const bytes = decodeBase64(value);
    return takeOver([name, signatureName], bytes && readJson(bytes));
  });
}
