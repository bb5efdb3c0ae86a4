import {
  type Awaitable,
  aesGcm,
  type Cipher,
  deriveKey,
  encodeBase64url,
  hmac,
  type Mac,
  sha256,
} from '../crypto/index.ts';
import { readKey } from './key-text.ts';

/** `next`: opens already, seals later. `active`: seals. `old`: opens still. `revoked`: opens nothing. */
export type KeyState = 'next' | 'active' | 'old' | 'revoked';

export interface KeyOptions {
  /** `hpk_…` of generateKey(), or the hex or base64 of at least 32 random bytes. */
  secret: string;
  /** Names the key in what it seals: a short hash of the key unless said. */
  id?: string;
  /** The first key is active and the others old unless said. */
  state?: KeyState;
}

/** What a key is used for. Each kind and purpose has a key of its own, derived from the secret. */
export interface Use {
  readonly kind: 'seal' | 'sign';
  readonly purpose: string;
}

const usesKept = 256;
const idLength = 8;
const idSyntax = /^[\w-]{1,32}$/;

/** One key of a ring. Its secret is private to it and leaves it only as derived keys. */
export class Key {
  readonly id: Awaitable<string>;
  readonly state: KeyState;
  readonly #secret: Uint8Array<ArrayBuffer>;
  readonly #ciphers = new Map<string, Cipher>();
  readonly #macs = new Map<string, Mac>();

  constructor(secret: Uint8Array<ArrayBuffer>, state: KeyState, id: string | undefined) {
    this.#secret = secret;
    this.state = state;
    this.id = id ?? shortHash(secret);
  }

  cipher(purpose: string): Awaitable<Cipher> {
    return this.#ciphers.get(purpose) ?? this.#derived({ kind: 'seal', purpose }, this.#ciphers, aesGcm);
  }

  mac(purpose: string): Awaitable<Mac> {
    return this.#macs.get(purpose) ?? this.#derived({ kind: 'sign', purpose }, this.#macs, hmac);
  }

  holds(secret: Uint8Array): boolean {
    return encodeBase64url(secret) === encodeBase64url(this.#secret);
  }

  async #derived<T>(use: Use, kept: Map<string, T>, make: (key: Uint8Array<ArrayBuffer>) => T): Promise<T> {
    const derived = make(await deriveKey(this.#secret, useText(use)));
    if (kept.size >= usesKept) kept.clear();
    kept.set(use.purpose, derived);
    return derived;
  }
}

/** One text for one use, whatever characters a purpose has. */
function useText({ kind, purpose }: Use): string {
  return JSON.stringify(['hallpass', 1, kind, purpose]);
}

function shortHash(secret: Uint8Array): Awaitable<string> {
  const hash = sha256(`hallpass key id ${encodeBase64url(secret)}`);
  return typeof hash === 'string' ? hash.slice(0, idLength) : hash.then((text) => text.slice(0, idLength));
}

/** Named keys: the active one seals, all but the revoked ones open. Opaque: neither JSON nor inspection shows a key. */
export class KeyRing {
  readonly #keys: readonly Key[];
  readonly #active: Key;

  /** @throws TypeError */
  constructor(keys: readonly Key[]) {
    const [active, ...more] = keys.filter((key) => key.state === 'active');
    if (active === undefined) throw new TypeError('A key ring needs an active key, which seals: give one.');
    if (more.length > 0) throw new TypeError('Only one key can be active: make the others next or old.');
    this.#keys = keys;
    this.#active = active;
  }

  /** The key that seals. */
  static activeOf(ring: KeyRing): Key {
    return KeyRing.#checked(ring).#active;
  }

  /** The key of this id, unless it is revoked. */
  static async find(ring: KeyRing, id: string): Promise<Key | undefined> {
    for (const key of KeyRing.#checked(ring).#keys) {
      if (key.state !== 'revoked' && (await key.id) === id) return key;
    }
    return undefined;
  }

  static #checked(ring: KeyRing): KeyRing {
    if (ring instanceof KeyRing) return ring;
    throw new TypeError('This is no key ring: pass what keyRing() gave.');
  }
}

/**
 * A ring of keys. One string may list several by comma; the first is active, the others old.
 * @throws TypeError for a missing, weak, sample or repeated key; the sentence says how to make one and never holds the key.
 */
export function keyRing(keys: string | readonly string[] | readonly KeyOptions[]): KeyRing {
  const listed: readonly (string | KeyOptions)[] =
    typeof keys === 'string' ? keys.split(',') : (keys ?? ['']);
  const made: Key[] = [];
  for (const [index, one] of listed.entries()) {
    const { secret, id, state = index === 0 ? 'active' : 'old' } = asOptions(one);
    const bytes = readKey(secret);
    if (made.some((key) => key.holds(bytes))) throw new TypeError('A key stands in the ring twice.');
    if (id !== undefined && !idSyntax.test(id)) {
      throw new TypeError('The id of a key is 1 to 32 letters, digits, - or _.');
    }
    if (id !== undefined && made.some((key) => key.id === id)) {
      throw new TypeError(`Two keys have the id ${id}.`);
    }
    made.push(new Key(bytes, state, id));
  }
  return new KeyRing(made);
}

function asOptions(one: string | KeyOptions): KeyOptions {
  return typeof one === 'object' && one !== null ? one : { secret: one };
}
