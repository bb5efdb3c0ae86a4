import { decodeBase64url, encodeBase64url, randomBytes } from '../crypto/index.ts';

const prefix = 'hpk_';
const keyLength = 32;
const howTo =
  'Make one with `npx hallpass keys new` or generateKey(), and keep it in an environment variable.';

/**
 * A new key as text: 256 random bits.
 *
 * @example
 * ```ts
 * import { generateKey } from 'hallpass/seal';
 *
 * console.log(generateKey().length); // → 47
 * ```
 */
export function generateKey(): string {
  return prefix + encodeBase64url(randomBytes(keyLength));
}

/** The bytes of one key. @throws TypeError, which never holds the text, for everything that is no strong key. */
export function readKey(text: unknown): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string' || text.trim() === '') throw new TypeError(`A key is missing. ${howTo}`);
  const key = text.trim();
  if (sampleWords.test(key)) throw new TypeError(`A key is a sample that everybody knows. ${howTo}`);
  const bytes = key.startsWith(prefix) ? decodeBase64url(key.slice(prefix.length)) : decodeEncoded(key);
  if (bytes === undefined || bytes.length < keyLength) {
    throw new TypeError(
      `This is no key: a key is hpk_… or the hex or base64 of at least ${keyLength} random bytes. ${howTo}`,
    );
  }
  if (!looksRandom(bytes)) throw new TypeError(`A key follows a pattern, so it can be guessed. ${howTo}`);
  // A copy of its own: what was decoded may lie in memory that other texts share.
  return new Uint8Array(bytes);
}

/** Six letters and more: a random key spells none of these in a billion years of key making. */
const sampleWords = /example|sample|secret|password|passphrase|change.?me|replace|default/i;
const hex = /^(?:[0-9a-f]{2})+$/i;

function decodeEncoded(key: string): Uint8Array<ArrayBuffer> | undefined {
  if (hex.test(key)) return Uint8Array.from(key.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  if (!/[a-z]/.test(key) || !/[A-Z]/.test(key)) return undefined;
  return decodeBase64url(
    key
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/={1,2}$/, ''),
  );
}

const fewestDistinct = 20;

/** 32 random bytes hold about 30 different values, and so do the steps between them; text is all printable. */
function looksRandom(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, keyLength);
  const steps = head.map((byte, index) => byte - (head[index - 1] ?? 0));
  const printable = head.every((byte) => byte >= 0x20 && byte < 0x7f);
  return !printable && new Set(head).size >= fewestDistinct && new Set(steps).size >= fewestDistinct;
}
