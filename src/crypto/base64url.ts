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
    return bytes.toString('base64url') === text ? bytes : undefined;
  }
  const bytes = decodePortably(text);
  return bytes !== undefined && encodeBase64url(bytes) === text ? bytes : undefined;
}

function decodePortably(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!alphabet.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
