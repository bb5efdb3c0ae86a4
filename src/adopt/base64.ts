import { decodeBase64url } from '../crypto/index.ts';

/** The bytes of base64 of either alphabet, padded or not; `undefined` for every other text. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  return decodeBase64url(
    text
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/={1,2}$/, ''),
  );
}
