import { expectType } from '../errors/misuse.ts';
import type { Codec } from './codec.ts';
import { type Envelope, sealing, signing } from './envelope.ts';
import { KeyRing } from './key-ring.ts';

const purpose = 'cookie';

/**
 * Signs a cookie's value: everybody can read it, nobody can change it or present it under another cookie's name.
 *
 * @example
 * ```ts
 * import { defineCookie } from 'hallpass';
 * import { generateKey, keyRing, signed } from 'hallpass/seal';
 *
 * const basket = defineCookie('basket', { codec: signed(keyRing(generateKey())) });
 * const line = await basket.serialize('3-apples');
 * console.log(await basket.read(line.split(';')[0])); // → 3-apples
 * console.log(await basket.read('basket=30-apples')); // → undefined
 * ```
 */
export function signed(ring: KeyRing): Codec {
  return codec(signing, ring);
}

/**
 * Encrypts and authenticates a cookie's value, bound to the cookie's name.
 *
 * @example
 * ```ts
 * import { defineCookie } from 'hallpass';
 * import { generateKey, keyRing, sealed } from 'hallpass/seal';
 *
 * const note = defineCookie('note', { codec: sealed(keyRing(generateKey())) });
 * const line = await note.serialize('for my eyes only');
 * console.log(line.includes('eyes')); // → false
 * console.log(await note.read(line.split(';')[0])); // → for my eyes only
 * ```
 */
export function sealed(ring: KeyRing): Codec {
  return codec(sealing, ring);
}

function codec(envelope: Envelope, ring: KeyRing): Codec {
  KeyRing.activeOf(ring); // a TypeError for what is no ring
  return {
    async encode(text, name) {
      expectTexts('encode', text, name);
      return envelope.wrap(ring, { purpose, name }, text);
    },

    async decode(text, name) {
      expectTexts('decode', text, name);
      const opened = await envelope.unwrap(ring, { purpose, name }, text);
      return typeof opened === 'string' ? undefined : opened.text;
    },
  };
}

function expectTexts(method: string, text: unknown, name: unknown): void {
  if (typeof text === 'string' && typeof name === 'string') return;
  expectType(text, 'string', `The text of codec.${method}(text, cookieName)`);
  expectType(name, 'string', `The name of codec.${method}(text, cookieName)`);
}
