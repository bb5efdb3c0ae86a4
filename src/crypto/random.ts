import { encodeBase64url } from './base64url.ts';

/** Bytes nobody can guess. */
export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** That many random bytes as base64url. */
export function randomText(count: number): string {
  return encodeBase64url(randomBytes(count));
}
