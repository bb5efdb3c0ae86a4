import { decodeBase64url } from '../crypto/index.ts';
import type { AdoptionRefusal } from '../session/types.ts';
import { readJson } from './read-json.ts';

/** What a seal holds, and until when it opens (ms since 1970; never over where it says nothing). */
interface Unsealed {
  readonly value: unknown;
  readonly expiresAt: number;
}

/** How far the clocks may differ, in ms: as iron allows. */
const skew = 60_000;
const utf8 = new TextEncoder();

/**
 * Opens a seal of @hapi/iron and iron-webcrypto, format `Fe26.2`, with the algorithms that are their defaults: AES-256-CBC and
 * HMAC-SHA-256, under keys that PBKDF2 derives from a pass phrase in one round.
 * @param passwords by their ids
 */
export async function unsealIron(
  seal: string,
  passwords: ReadonlyMap<string, string>,
  now: number,
): Promise<Unsealed | AdoptionRefusal> {
  const [prefix, id = '', salt = '', iv = '', sealed = '', expiration = '', macSalt = '', mac, ...more] =
    seal.split('*');
  const [ivBytes, sealedBytes, macBytes] = [iv, sealed, mac ?? ''].map(decodeBase64url);
  if (
    prefix !== 'Fe26.2' ||
    mac === undefined ||
    more.length > 0 ||
    !/^(?:[1-9]\d{0,15})?$/.test(expiration)
  ) {
    return 'malformed';
  }
  if (ivBytes?.length !== 16 || sealedBytes === undefined || macBytes === undefined) return 'malformed';
  const password = passwords.get(id);
  if (password === undefined) return 'unproved';

  const signed = utf8.encode(seal.slice(0, seal.length - macSalt.length - mac.length - 2));
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  const macKey = await derive(password, macSalt, hmac, 'verify');
  if (!(await crypto.subtle.verify('HMAC', macKey, macBytes, signed))) return 'unproved';
  const expiresAt = expiration === '' ? Number.POSITIVE_INFINITY : Number(expiration) + skew;
  if (expiresAt <= now) return 'expired';

  const key = await derive(password, salt, { name: 'AES-CBC', length: 256 }, 'decrypt');
  try {
    const bytes = await crypto.subtle.decrypt({ name: 'AES-CBC', iv: ivBytes }, key, sealedBytes);
    return { value: readJson(new Uint8Array(bytes)), expiresAt };
  } catch {
    return 'malformed';
  }
}

async function derive(
  password: string,
  salt: string,
  algorithm: { name: string; length: number; hash?: string },
  use: 'verify' | 'decrypt',
): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', utf8.encode(password), 'PBKDF2', false, ['deriveKey']);
  const pbkdf2 = { name: 'PBKDF2', salt: utf8.encode(salt), iterations: 1, hash: 'SHA-1' };
  return crypto.subtle.deriveKey(pbkdf2, base, algorithm as HmacImportParams & { length: number }, false, [
    use,
  ]);
}
