import type { Awaitable } from './awaitable.ts';

/** HMAC-SHA-256 of a text under one key, base64url. */
export type Mac = (text: string) => Awaitable<string>;

/** AES-256-GCM under one key. What the text belongs to is bound by the key: each use has its own, see {@link Primitives.derive}. */
interface Cipher {
  /** Nonce, ciphertext and tag, base64url. */
  encrypt(text: string): Awaitable<string>;
  /** `undefined` for everything that this key did not encrypt. */
  decrypt(sealed: string): Awaitable<string | undefined>;
}

/** What a runtime's cryptography gives. Texts are hashed as UTF-8; results are base64url. */
export interface Primitives {
  sha256(text: string): Awaitable<string>;
  mac(key: Uint8Array<ArrayBuffer>): Mac;
  /** @param key 32 bytes. */
  cipher(key: Uint8Array<ArrayBuffer>): Cipher;
  /** 32 bytes for one use, by HKDF-SHA-256 (RFC 5869) without salt. */
  derive(secret: Uint8Array<ArrayBuffer>, use: string): Awaitable<Uint8Array<ArrayBuffer>>;
}

export const nonceLength = 12;
export const tagLength = 16;
export const keyLength = 32;
