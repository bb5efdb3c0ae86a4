const alphabet = /^[A-Za-z0-9_-]*$/;
const buffers: typeof Buffer | undefined = globalThis.Buffer;

/** Bytes as base64url without padding (RFC 4648 §5). */
export function encodeBase64url(bytes: Uint8Array): string {
  if (buffers !== undefined) {
    return buffers.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
  }
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes, or `undefined` for every text that {@link encodeBase64url} does not write: one value has one spelling. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (buffers !== undefined) {
    const bytes = buffers.from(text, 'base64url');
    return isOwnSpelling(text, bytes, buffers) ? bytes : undefined;
  }
  const bytes = decodePortably(text);
  return bytes !== undefined && encodeBase64url(bytes) === text ? bytes : undefined;
}

/**
 * True when encoding the bytes gives the text again. The decoder skips what is no base64, so the length tells of it; it takes
 * the standard alphabet too, only part of characters beyond Latin-1, and any last bits. To encode all of them again would cost
 * more. Bench row: seal and open 3,000 bytes.
 */
function isOwnSpelling(text: string, bytes: Buffer, { byteLength }: typeof Buffer): boolean {
  const { length } = text;
  if (bytes.length !== (length * 3) >> 2 || byteLength(text) !== length) return false;
  if (text.includes('+') || text.includes('/')) return false;
  const over = length % 4;
  return (
    over === 0 || (over > 1 && bytes.toString('base64url', bytes.length - over + 1) === text.slice(-over))
  );
}

function decodePortably(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!alphabet.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
