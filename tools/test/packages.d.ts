/** What the tests of `hallpass/adopt` and the examples use of packages that come without types. */
declare module 'cookie-session' {
  import type { RequestHandler } from 'express';
  export default function cookieSession(options: { keys: string[] }): RequestHandler;
}

declare module 'sodium-native' {
  interface Sodium {
    crypto_secretbox_easy(cipher: Uint8Array, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
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
  const sodium: Sodium;
  export default sodium;
}
