import { decodeBase64url } from '../crypto/index.ts';
import type { Shape } from '../errors/misuse.ts';
import type { AdoptionRefusal } from '../session/types.ts';
import { type ChunkedValue, readChunks } from './read-chunks.ts';
import { readJson } from './read-json.ts';
import { type Adopt, type AdoptOptions, adoptShape, readerOf, takingOver } from './take-over.ts';

/** How the application kept sessions with next-auth (Auth.js), by its `jwt` strategy. */
export interface FromNextAuthOptions<Data extends object> extends AdoptOptions<Data> {
  /** The `secret` there (`NEXTAUTH_SECRET`, `AUTH_SECRET`), or all of them. */
  secret: string | readonly string[];
  /** The name of the session cookie there. Default: the four that version 4 and Auth.js 5 give it, over https and http. */
  name?: string;
}

const defaultNames = [
  '__Secure-authjs.session-token',
  'authjs.session-token',
  '__Secure-next-auth.session-token',
  'next-auth.session-token',
];
/** A request with more would be refused for its size. */
const mostChunks = 8;
/** How far the clocks may differ, in seconds: as there. */
const skew = 15;
const utf8 = new TextEncoder();

/** The encryption of a version, and what it derives the key of a cookie from. */
interface Encryption {
  readonly enc: string;
  readonly bits: number;
  salt(cookieName: string): string;
  info(cookieName: string): string;
}

const encryptions: readonly Encryption[] = [
  { enc: 'A256GCM', bits: 256, salt: () => '', info: () => 'NextAuth.js Generated Encryption Key' },
  {
    enc: 'A256CBC-HS512',
    bits: 512,
    salt: (name) => name,
    info: (name) => `Auth.js Generated Encryption Key (${name})`,
  },
];

const shape: Shape<FromNextAuthOptions<object>> = {
  ...adoptShape,
  secret: 'string|array',
  name: 'string',
};

/**
 * For `adopt` of `createSessions`: takes over the visitors of next-auth 4 and Auth.js 5 with the `jwt` strategy, in one cookie or
 * split over several. `takeOver` is given the claims: `sub` is the user's id there. What an own `jwt.encode` wrote is not read.
 * @throws TypeError without a secret
 *
 * @example
 * ```ts
 * import { fromNextAuth } from 'hallpass/adopt';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 * import { encode } from 'next-auth/jwt';
 *
 * const secret = 'the NEXTAUTH_SECRET';
 * const adopt = fromNextAuth({ secret, takeOver: ({ sub }) => ({ user: sub as string | undefined }) });
 * const sessions = createSessions({ store: memoryStore(), adopt });
 *
 * const token = await encode({ token: { sub: 'ada' }, secret });
 * console.log((await sessions.open(`next-auth.session-token=${token}`)).user); // → ada
 * ```
 */
export function fromNextAuth<Data extends object = Record<string, unknown>>(
  options: FromNextAuthOptions<Data>,
): Adopt<Data> {
  const names = options?.name === undefined ? defaultNames : [options.name];
  const readers = names.map((name) => ({ name, takeOver: takingOver(options, shape, 'fromNextAuth', name) }));
  const secrets = [options.secret ?? []].flat();
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== 'string' || secret === '')) {
    throw new TypeError('fromNextAuth needs the secret of next-auth, or the list of them.');
  }

  return readerOf('fromNextAuth', async (readCookie, now) => {
    let refusal: { cookie: string; refused: AdoptionRefusal } | undefined;
    for (const { name, takeOver } of readers) {
      const found = readChunks(readCookie, name, mostChunks);
      if (found === undefined) continue;
      const claims = await claimsOf(found, name, secrets, now);
      if (typeof claims === 'object') {
        const { jti } = claims;
        return takeOver(found.names, claims, {
          id: typeof jti === 'string' && jti !== '' ? jti : found.text,
          expiresAt: (Number(claims.exp) + skew) * 1000,
        });
      }
      refusal ??= { cookie: name, refused: claims };
    }
    return refusal;
  });
}

async function claimsOf(
  { text }: ChunkedValue,
  name: string,
  secrets: readonly string[],
  now: number,
): Promise<Record<string, unknown> | AdoptionRefusal> {
  const encryption = await encryptionOf(text);
  if (encryption === undefined) return 'malformed';
  for (const secret of secrets) {
    const key = await derive(secret, encryption, name);
    const claims = await decrypt(text, key, encryption);
    if (claims === undefined) continue;
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return 'malformed';
    if (typeof claims.exp !== 'number') return 'malformed';
    // As there: not after its time, and not before it.
    const { exp, nbf = 0 } = claims as { exp: number; nbf?: unknown };
    if (typeof nbf !== 'number') return 'malformed';
    return exp + skew > now / 1000 && nbf - skew <= now / 1000
      ? (claims as Record<string, unknown>)
      : 'expired';
  }
  return 'unproved';
}

/** Loaded with the first cookie of next-auth: the other readers start without it. */
const jose = () => import('jose');

async function encryptionOf(text: string): Promise<Encryption | undefined> {
  // A direct key has none beside it. What decoders let through is no second spelling of a token.
  const [header, key, ...parts] = text.split('.');
  if (key !== '' || parts.length !== 3) return undefined;
  if ([header ?? '', ...parts].some((part) => decodeBase64url(part) === undefined)) return undefined;
  const { decodeProtectedHeader } = await jose();
  try {
    const { alg, enc, zip } = decodeProtectedHeader(text);
    return alg === 'dir' && zip === undefined ? encryptions.find((one) => one.enc === enc) : undefined;
  } catch {
    return undefined;
  }
}

/** `undefined` where the key is another; `null` where it opens and holds no JSON. */
async function decrypt(text: string, key: Uint8Array, { enc }: Encryption): Promise<unknown> {
  const { compactDecrypt, errors } = await jose();
  try {
    const { plaintext } = await compactDecrypt(text, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: [enc],
    });
    return readJson(plaintext) ?? null;
  } catch (error) {
    return error instanceof errors.JWEDecryptionFailed ? undefined : null;
  }
}

async function derive(secret: string, { bits, salt, info }: Encryption, name: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, ['deriveBits']);
  const hkdf = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: utf8.encode(salt(name)),
    info: utf8.encode(info(name)),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf, key, bits));
}
