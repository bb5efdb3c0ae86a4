import { encodeBase64url } from './base64url.ts';
import { isBuildingSnapshot } from './build-snapshot.ts';

const pool = new Uint8Array(4096);
let used = pool.length;

/** Bytes nobody can guess. Taken from a pool, because one call for many is far cheaper than many calls. */
export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  if (used + count > pool.length) {
    if (isBuildingSnapshot()) return crypto.getRandomValues(new Uint8Array(count));
    crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + count);
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}

/** That many random bytes as base64url. */
export function randomText(count: number): string {
  return encodeBase64url(randomBytes(count));
}
