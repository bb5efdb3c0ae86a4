import { type CryptoKey, calculateJwkThumbprint, importJWK } from 'jose';
import { expectType } from '../errors/misuse.ts';
import { KeyRing, type Kind } from '../seal/key-ring.ts';
import { algorithmOf, canSign, isSecret, publicHalf } from './algorithms.ts';
import type { Jwk } from './jwk.ts';
import type { PublishedKey } from './types.ts';

/** A key, and the one algorithm that it is for. */
export interface PinnedKey {
  readonly kid: string;
  readonly alg: string;
  readonly key: CryptoKey | Uint8Array;
}

/** The keys of an issuer. A token names one by its `kid`; nothing else in a token leads to a key. */
export interface TokenKeys {
  /** The algorithms of the keys. */
  readonly algorithms: ReadonlySet<string>;
  signing(): Promise<PinnedKey>;
  /** The key of this id, unless it is unknown or revoked. */
  find(kid: string): Promise<PinnedKey | undefined>;
  /** What others need to verify tokens: no secret key, and of the others the public half. */
  published(): Promise<PublishedKey[]>;
}

/** @throws TypeError for keys that no token should be signed with; the sentence says why and never holds a key. */
export function tokenKeys(keys: KeyRing | readonly Jwk[]): TokenKeys {
  if (keys instanceof KeyRing) return ringKeys(keys);
  if (Array.isArray(keys) && keys.length > 0) return jsonWebKeys(keys);
  throw new TypeError('createTokens needs keys: keyRing(…), or a list of JSON Web Keys, each with its alg.');
}

/** The ring's own secrets never sign: what signs is derived from them for this one use. */
const signing: Kind<Promise<CryptoKey>> = {
  mark: 'jws1',
  box: (key) =>
    crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']),
};
const binding = { purpose: 'access token' };
const ringAlgorithm = 'HS256';

function ringKeys(ring: KeyRing): TokenKeys {
  return {
    algorithms: new Set([ringAlgorithm]),
    async signing() {
      const active = KeyRing.activeOf(ring);
      return { kid: await active.id, alg: ringAlgorithm, key: await active.box(signing, binding) };
    },
    async find(kid) {
      const found = await KeyRing.find(ring, kid);
      return found && { kid, alg: ringAlgorithm, key: await found.box(signing, binding) };
    },
    published: async () => [],
  };
}

/** A JSON Web Key, imported when it is first needed. */
interface Listed {
  readonly jwk: Jwk;
  readonly alg: string;
  readonly where: string;
}

function jsonWebKeys(keys: readonly Jwk[]): TokenKeys {
  const listed = keys.map((jwk, index): Listed => {
    const where = `keys[${index}]`;
    expectType(jwk, 'object', `${where} of createTokens`);
    return { jwk: structuredClone(jwk), alg: algorithmOf(jwk, where), where };
  });
  const [first] = listed as [Listed, ...Listed[]];
  if (!canSign(first.jwk)) throw new TypeError('keys[0] signs, so it must have its private half.');
  if (listed.some(({ jwk }) => isSecret(jwk) !== isSecret(first.jwk))) {
    throw new TypeError('keys must all be secret (HS…) or all have a public half: never mix the two kinds.');
  }
  const names = listed.map(({ jwk }) => jwk.kid ?? JSON.stringify(isSecret(jwk) ? jwk.k : publicHalf(jwk)));
  if (new Set(names).size < names.length) {
    throw new TypeError('Two of keys have the same kid, or are one key without: give each a kid of its own.');
  }

  const signer = once(async () => pinned(first, first.jwk));
  const verifiers = once(async () => {
    const pairs = listed.map(async (one) => pinned(one, isSecret(one.jwk) ? one.jwk : publicHalf(one.jwk)));
    return new Map((await Promise.all(pairs)).map((key) => [key.kid, key]));
  });

  return {
    algorithms: new Set(listed.map(({ alg }) => alg)),
    signing: signer,
    find: async (kid) => (await verifiers()).get(kid),
    published: () =>
      Promise.all(
        listed
          .filter(({ jwk }) => !isSecret(jwk))
          .map(async ({ jwk, alg }) => ({ ...publicHalf(jwk), kid: await kidOf(jwk), alg, use: 'sig' })),
      ),
  };
}

/** The key's own id, or its thumbprint. RFC 7638. */
const kidOf = async (jwk: Jwk): Promise<string> => jwk.kid ?? calculateJwkThumbprint(jwk);

async function pinned({ jwk, alg, where }: Listed, half: Jwk): Promise<PinnedKey> {
  try {
    return { kid: await kidOf(jwk), alg, key: await importJWK(half, alg) };
  } catch (cause) {
    throw new TypeError(`${where} is no ${alg} key that this runtime can use.`, { cause });
  }
}

/** Does the work at the first call; every call gets its outcome. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let outcome: Promise<T> | undefined;
  return () => {
    outcome ??= work();
    return outcome;
  };
}
