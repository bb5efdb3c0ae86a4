import { decodeBase64url } from '../crypto/index.ts';
import type { Jwk } from './jwk.ts';

/** What a key must be for one algorithm of RFC 7518 and RFC 8037. */
interface Algorithm {
  readonly kty: 'oct' | 'EC' | 'OKP' | 'RSA';
  readonly crv?: string;
  /** The member whose length says how strong the key is, and the fewest octets that it may have. */
  readonly strength?: readonly ['k' | 'n', number];
}

const rsa: Algorithm = { kty: 'RSA', strength: ['n', 256] };
const ed25519: Algorithm = { kty: 'OKP', crv: 'Ed25519' };

/** Every algorithm that a token may be signed with. `none` is not among them, and cannot be added. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  HS256: { kty: 'oct', strength: ['k', 32] },
  HS384: { kty: 'oct', strength: ['k', 48] },
  HS512: { kty: 'oct', strength: ['k', 64] },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: ed25519,
  Ed25519: ed25519,
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
};

/** The members that may be published, by kind of key; everything else of a key stays here. */
const publicMembers: Readonly<Record<Algorithm['kty'], readonly (keyof Jwk)[]>> = {
  oct: [],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['n', 'e'],
};

/** The algorithm that a key is for. @param where for the message, which never holds the key @throws TypeError */
export function algorithmOf(key: Jwk, where: string): string {
  const { alg } = key;
  const wanted = alg !== undefined && Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined;
  if (alg === undefined || wanted === undefined) {
    const names = Object.keys(algorithms).join(', ');
    throw new TypeError(`${where} needs its alg, one of ${names}: the token never chooses it.`);
  }
  const { kty, crv, strength } = wanted;
  if (key.kty !== kty || (crv !== undefined && key.crv !== crv)) {
    throw new TypeError(
      `${where} is no key for ${alg}, which takes kty ${kty}${crv ? ` and crv ${crv}` : ''}.`,
    );
  }
  if (key.use !== undefined && key.use !== 'sig') {
    throw new TypeError(`${where} is for encryption (use: enc): give one that signs.`);
  }
  for (const member of kty === 'oct' ? (['k'] as const) : publicMembers[kty]) {
    if (typeof key[member] !== 'string') throw new TypeError(`${where} has no ${member}.`);
  }
  if (strength !== undefined) {
    const [member, octets] = strength;
    const found = decodeBase64url(String(key[member]))?.length ?? 0;
    if (found < octets) {
      throw new TypeError(
        `${where} is too weak for ${alg}: its ${member} must be the base64url of at least ${octets} octets.`,
      );
    }
  }
  return alg;
}

/** True for a key that has no public half: whoever can verify with it can sign. */
export const isSecret = (key: Jwk): boolean => key.kty === 'oct';

/** True for a key that can sign. */
export const canSign = (key: Jwk): boolean => typeof (isSecret(key) ? key.k : key.d) === 'string';

/** The half of a key that everybody may know. */
export function publicHalf(key: Jwk): Jwk {
  const half: Record<string, unknown> = { kty: key.kty };
  for (const member of publicMembers[key.kty as Algorithm['kty']]) half[member] = key[member];
  return half;
}
