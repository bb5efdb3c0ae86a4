import {
  type Awaitable,
  after,
  deriveKey,
  encodeBase64url,
  equal,
  hmac,
  type Mac,
  sha256,
} from '../crypto/index.ts';
import { refuseDetached } from '../errors/detached.ts';
import { checkOptions, expectType, oneOf, type Shape } from '../errors/misuse.ts';
import { readKey } from './key-text.ts';

/** `next`: opens already, seals later. `active`: seals. `old`: opens still. `revoked`: opens nothing. */
export type KeyState = 'next' | 'active' | 'old' | 'revoked';

/** One key of a ring, with its name and its state. */
export interface KeyOptions {
  /** `hpk_…` of generateKey(), or the hex or base64 of at least 32 random bytes. */
  secret: string;
  /** Names the key in what it seals. Default: a short hash of the key. */
  id?: string;
  /** Default: the first key is active, the others are old. */
  state?: KeyState;
}

/** What a seal or signature is bound to, beside its key. */
export interface Binding {
  readonly purpose: string;
  /** The cookie's name, where there is one. */
  readonly name?: string;
}

/** Puts texts in and takes them out, under one key and for one binding. */
interface Box {
  write(text: string): Awaitable<string>;
  /** `undefined` for everything that `write` did not write. */
  read(body: string): Awaitable<string | undefined>;
}

/** A kind of box: sealing, signing or proving. */
export interface Kind<Made = Box> {
  readonly mark: string;
  box(key: Uint8Array<ArrayBuffer>): Made;
}

/** A proof stands beside a text that both sides know. */
const proving: Kind<Mac> = { mark: 'hm1', box: hmac };

const boxesKept = 1024;
const idLength = 8;
const idSyntax = /^[\w-]{1,32}$/;

/** One key of a ring. Its secret is private to it and leaves it only as derived keys. */
class Key {
  readonly id: Awaitable<string>;
  readonly state: KeyState;
  readonly #secret: Uint8Array<ArrayBuffer>;
  readonly #boxes = new Map<string, unknown>();
  /** What was asked for last: mostly it is asked for again. Bench row: seal and open 300 bytes. */
  #last: { kind?: Kind<unknown>; binding: Binding; made?: unknown } = { binding: { purpose: '' } };

  constructor(secret: Uint8Array<ArrayBuffer>, state: KeyState, id: string | undefined) {
    this.#secret = secret;
    this.state = state;
    this.id = id ?? shortHash(secret);
  }

  /** The box of this kind for this binding. It has a key of its own, which is how the binding holds. */
  box<Made>(kind: Kind<Made>, binding: Binding): Awaitable<Made> {
    const { kind: lastKind, binding: lastBinding, made } = this.#last;
    const asBefore =
      kind === lastKind && binding.purpose === lastBinding.purpose && binding.name === lastBinding.name;
    if (asBefore) return made as Made;
    const use = kind.mark + textOf(binding);
    const known = this.#boxes.get(use) as Made | undefined;
    if (known === undefined) return this.#newBox(use, kind, binding);
    this.#last = { kind, binding, made: known };
    return known;
  }

  holds(secret: Uint8Array): boolean {
    return encodeBase64url(secret) === encodeBase64url(this.#secret);
  }

  #newBox<Made>(use: string, { mark, box }: Kind<Made>, { purpose, name }: Binding): Awaitable<Made> {
    // JSON, so that no purpose and name together look like another purpose and name.
    const derived = deriveKey(this.#secret, JSON.stringify(['hallpass', mark, purpose, name ?? null]));
    return after(derived, (key) => {
      const made = box(key);
      if (this.#boxes.size >= boxesKept) this.#boxes.clear();
      this.#boxes.set(use, made);
      return made;
    });
  }
}

/** One text for one binding, whatever characters purpose and name have. */
function textOf({ purpose, name }: Binding): string {
  return name === undefined ? `.${purpose}` : `${name.length}.${name}${purpose}`;
}

function shortHash(secret: Uint8Array): Awaitable<string> {
  const hash = sha256(`hallpass key id ${encodeBase64url(secret)}`);
  return after(hash, (text) => text.slice(0, idLength));
}

/**
 * Named keys: the active one seals, all but the revoked ones open. Opaque: neither JSON nor inspection shows a key.
 *
 * @example
 * ```ts
 * import { generateKey, type KeyRing, keyRing, seal } from 'hallpass/seal';
 *
 * const invite = (ring: KeyRing, guest: string) => seal(ring, 'invitation', { guest });
 * console.log((await invite(keyRing(generateKey()), 'ada')).includes('ada')); // → false
 * ```
 */
export class KeyRing {
  readonly #active: Key;
  readonly #byId: Awaitable<ReadonlyMap<string, Key>>;

  /** @throws TypeError */
  constructor(keys: readonly Key[]) {
    const [active, ...more] = keys.filter((key) => key.state === 'active');
    if (active === undefined) throw new TypeError('A key ring needs an active key, which seals: give one.');
    if (more.length > 0) throw new TypeError('Only one key can be active: make the others next or old.');
    this.#active = active;
    this.#byId = byId(keys.filter((key) => key.state !== 'revoked'));
  }

  static {
    refuseDetached(KeyRing, (object) => #active in object, 'ring');
  }

  /** The key that seals. */
  static activeOf(ring: KeyRing): Key {
    return KeyRing.#checked(ring).#active;
  }

  /** The key of this id, unless it is revoked. */
  static find(ring: KeyRing, id: string): Awaitable<Key | undefined> {
    return after(KeyRing.#checked(ring).#byId, (keys) => keys.get(id));
  }

  /** A proof, by the active key, that this text was proved for this purpose: `key-id.HMAC`. It does not hold the text. */
  prove(purpose: string, text: string): Awaitable<string> {
    expectType(text, 'string', 'The text of ring.prove(purpose, text)');
    const key = this.#active;
    return after(key.id, (id) => after(proofBy(key, purpose, text), (proof) => `${id}.${proof}`));
  }

  /** True for what `prove` gave for this purpose and text, by any key that opens. In a time that tells nothing. */
  isProof(purpose: string, text: string, given: string): Awaitable<boolean> {
    expectType(given, 'string', 'The proof of ring.isProof(purpose, text, proof)');
    const split = given.indexOf('.');
    return after(KeyRing.find(this, given.slice(0, Math.max(split, 0))), (key) => {
      if (key === undefined) return false;
      return after(proofBy(key, purpose, text), (proof) => equal(proof, given.slice(split + 1)));
    });
  }

  static #checked(ring: KeyRing): KeyRing {
    if (ring instanceof KeyRing) return ring;
    throw new TypeError('This is no key ring: pass what keyRing() gave.');
  }
}

function proofBy(key: Key, purpose: string, text: string): Awaitable<string> {
  if (typeof purpose !== 'string') expectType(purpose, 'string', 'The purpose of a proof of ring');
  return after(key.box(proving, { purpose }), (mac) => mac(text));
}

function byId(keys: readonly Key[]): Awaitable<ReadonlyMap<string, Key>> {
  return keys.reduce<Awaitable<ReadonlyMap<string, Key>>>(
    (found, key) => after(found, (map) => after(key.id, (id) => new Map([...map, [id, key]]))),
    new Map(),
  );
}

/**
 * A ring of keys. One string may list several by comma; the first is active, the others old. A variable that is not set may come as it is:
 * `keyRing(process.env.HALLPASS_KEYS)` throws then.
 * @throws TypeError for a missing, weak, sample or repeated key; the sentence says how to make one and never holds the key.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing, open, seal } from 'hallpass/seal';
 *
 * const before = generateKey();
 * const text = await seal(keyRing(before), 'invitation', { to: 'ada' });
 * const rotated = keyRing([generateKey(), before]); // the first seals, both open
 * console.log(await open(rotated, 'invitation', text)); // → { to: 'ada' }
 * ```
 */
export function keyRing(keys: string | readonly string[] | readonly KeyOptions[] | undefined): KeyRing;
export function keyRing(
  keys: string | readonly string[] | readonly KeyOptions[] | undefined,
  ...others: unknown[]
): KeyRing {
  if (others.length > 0)
    throw new TypeError('keyRing takes several keys as one list: write keyRing([newKey, oldKey]).');
  const listed: readonly (string | KeyOptions)[] =
    typeof keys === 'string' ? keys.split(',') : (keys ?? ['']);
  if (!Array.isArray(listed))
    throw new TypeError('keyRing(keys) takes a key, keys joined by commas, or a list of keys.');
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

/** A secret is judged where it is read. */
const keyShape: Shape<KeyOptions> = {
  secret: 'any',
  id: 'string',
  state: oneOf(['active', 'next', 'old', 'revoked']),
};

function asOptions(one: string | KeyOptions): KeyOptions {
  if (typeof one !== 'object' || one === null) return { secret: one };
  checkOptions(one, keyShape, 'a key of keyRing');
  return one;
}
