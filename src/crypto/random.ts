import { encodeBase64url } from './base64url.ts';

/** Bytes nobody can guess. */
export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** True for what {@link randomText} may give. */
export const isRandomText = (text: string, count: number): boolean =>
  text.length === Math.ceil((count * 8) / 6) && /^[\w-]*$/.test(text);

/** That many random bytes as base64url. */
export function randomText(count: number): string {
  return encodeBase64url(randomBytes(count));
}
