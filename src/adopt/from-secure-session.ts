import { maxCookieSeconds } from '../cookie/attributes.ts';
import { encodeBase64url } from '../crypto/index.ts';
import { having, type Shape } from '../errors/misuse.ts';
import type { AdoptionRefusal } from '../session/types.ts';
import { decodeBase64 } from './base64.ts';
import { readJson } from './read-json.ts';
import { type Adopt, type AdoptOptions, adoptShape, readerOf, takingOver } from './take-over.ts';

/** What is asked of `sodium-native`, which @fastify/secure-session is built on. */
export interface Sodium {
  crypto_secretbox_open_easy(
    message: Uint8Array,
    cipher: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): boolean;
  crypto_pwhash(
    key: Uint8Array,
    secret: Uint8Array,
    salt: Uint8Array,
    operations: number,
    memory: number,
    algorithm: number,
  ): void;
  readonly crypto_pwhash_OPSLIMIT_MODERATE: number;
  readonly crypto_pwhash_MEMLIMIT_MODERATE: number;
  readonly crypto_pwhash_ALG_DEFAULT: number;
}

/** How the application kept sessions with @fastify/secure-session. */
export interface FromSecureSessionOptions<Data extends object> extends AdoptOptions<Data> {
  /** The package `sodium-native`: `import sodium from 'sodium-native'`. */
  sodium: Sodium;
  /** The `key` there, in base64 or as bytes, or all of them. Default: one is derived from `secret`. */
  key?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** The `secret` there, where there is no `key`. Its key is derived at once, as there: a second, and 256 MB. Default: there is a `key`. */
  secret?: string;
  /** The `salt` beside `secret`. Default: the one of that library. */
  salt?: string | Uint8Array;
  /** The `cookieName` there, or its `sessionName`. Default: `'session'`. */
  name?: string;
  /** The `expiry` there, in seconds. Default: `86401`. */
  expiry?: number;
}

const keyLength = 32;
const nonceLength = 24;
const macLength = 16;
const saltLength = 16;
const defaultSalt = 'mq9hDxBVDbspDR6nLfFT1g==';

const shape: Shape<FromSecureSessionOptions<object>> = {
  ...adoptShape,
  sodium: having(
    "the package sodium-native: import sodium from 'sodium-native'",
    'crypto_secretbox_open_easy',
  ),
  key: 'string|array|object',
  secret: 'string',
  salt: 'string|object',
  name: 'string',
  expiry: 'number',
};

/**
 * For `adopt` of `createSessions`: takes over the visitors of @fastify/secure-session. The secretbox is opened by any of the keys,
 * with the libsodium that you give, and not after its `expiry`. Cookies that are `signed` on top of it are not read.
 * @throws TypeError without sodium, and for a key, secret or salt of another length
 *
 * @example
 * ```ts
 * import { fromSecureSession } from 'hallpass/adopt';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 * import sodium from 'sodium-native';
 *
 * const key = Buffer.alloc(32, 'key');
 * const adopt = fromSecureSession({ sodium, key, takeOver: ({ userId }) => ({ user: userId as string | undefined }) });
 * const sessions = createSessions({ store: memoryStore(), adopt });
 *
 * const text = Buffer.from(JSON.stringify({ userId: 'ada', __ts: Math.round(Date.now() / 1000) }));
 * const [cipher, nonce] = [Buffer.alloc(text.length + 16), Buffer.alloc(24)];
 * sodium.crypto_secretbox_easy(cipher, text, nonce, key); // what @fastify/secure-session does
 * const value = encodeURIComponent(`${cipher.toString('base64')};${nonce.toString('base64')}`);
 * console.log((await sessions.open(`session=${value}`)).user); // → ada
 * ```
 */
export function fromSecureSession<Data extends object = Record<string, unknown>>(
  options: FromSecureSessionOptions<Data>,
): Adopt<Data> {
  const { name = 'session', expiry = 86_401, sodium } = options ?? {};
  const takeOver = takingOver(options, shape, 'fromSecureSession', name);
  if (sodium === undefined)
    throw new TypeError("fromSecureSession needs sodium: import sodium from 'sodium-native'.");
  if (!Number.isFinite(expiry) || expiry <= 0) {
    throw new TypeError('The expiry of fromSecureSession is a number of seconds, as there.');
  }
  if (expiry > maxCookieSeconds) {
    throw new TypeError(
      'The expiry of fromSecureSession is over 400 days, and no cookie lives so long: it is in seconds, as there.',
    );
  }
  const keys = keysOf(options);

  const open = (text: string): { nonce: Uint8Array; value: unknown } | AdoptionRefusal => {
    const [cipher, nonce, ...more] = text.split(';').map(decodeBase64);
    if (cipher === undefined || cipher.length < macLength || more.length > 0) return 'malformed';
    if (nonce?.length !== nonceLength) return 'malformed';
    const message = new Uint8Array(cipher.length - macLength);
    const isOpen = keys.some((key) => sodium.crypto_secretbox_open_easy(message, cipher, nonce, key));
    return isOpen ? { nonce, value: readJson(message) } : 'unproved';
  };

  return readerOf('fromSecureSession', (readCookie, now) => {
    const text = readCookie(name);
    if (text === undefined) return undefined;
    const opened = open(text);
    if (typeof opened === 'string') return { cookie: name, refused: opened };
    const { value, nonce } = opened;
    if (typeof value !== 'object' || value === null) return { cookie: name, refused: 'malformed' };
    const { __ts: writtenAt, ...old } = value as Record<string, unknown>;
    const expiresAt = typeof writtenAt === 'number' ? (writtenAt + expiry) * 1000 : 0;
    if (!Array.isArray(value) && !(expiresAt > now)) return { cookie: name, refused: 'expired' };
    return takeOver([name], Array.isArray(value) ? value : old, { id: encodeBase64url(nonce), expiresAt });
  });
}

const isKey = (one: unknown): one is Uint8Array => one instanceof Uint8Array && one.length === keyLength;

function keysOf({
  key,
  secret,
  salt = defaultSalt,
  sodium,
}: Omit<FromSecureSessionOptions<object>, 'takeOver'>): Uint8Array[] {
  if (key !== undefined) {
    const given = [key].flat();
    const keys = given.map((one) => (typeof one === 'string' ? decodeBase64(one) : one));
    if (keys.length > 0 && keys.every(isKey)) return keys;
    throw new TypeError(`A key of fromSecureSession has ${keyLength} bytes, or is their base64.`);
  }
  const phrase = new TextEncoder().encode(secret ?? '');
  if (phrase.length < keyLength) {
    throw new TypeError(
      `fromSecureSession needs the key of @fastify/secure-session, or its secret of at least ${keyLength} bytes.`,
    );
  }
  const derived = new Uint8Array(keyLength);
  const {
    crypto_pwhash_OPSLIMIT_MODERATE: operations,
    crypto_pwhash_MEMLIMIT_MODERATE: memory,
    crypto_pwhash_ALG_DEFAULT: algorithm,
  } = sodium;
  sodium.crypto_pwhash(derived, phrase, saltOf(salt), operations, memory, algorithm);
  return [derived];
}

function saltOf(salt: string | Uint8Array): Uint8Array {
  if (salt === defaultSalt) return decodeBase64(salt) ?? new Uint8Array();
  const bytes =
    typeof salt === 'string' ? Uint8Array.from(salt, (character) => character.charCodeAt(0)) : salt;
  if (bytes.length === saltLength) return bytes;
  throw new TypeError(`The salt of fromSecureSession has ${saltLength} bytes, as there.`);
}
