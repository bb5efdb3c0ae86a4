import { findNodeCrypto, nodePrimitives } from './node.ts';
import type { Primitives } from './primitives.ts';
import { webPrimitives } from './web.ts';

export { type Awaitable, after } from './awaitable.ts';
export { decodeBase64url, encodeBase64url } from './base64url.ts';
export { equal } from './equal.ts';
export type { Mac } from './primitives.ts';
export { isRandomText, randomBytes, randomText } from './random.ts';

let found: Primitives | undefined;

/** The cryptography of this runtime, synchronous where it can be. Found when it is needed: Node's takes a start ten milliseconds. */
function primitives(): Primitives {
  if (found !== undefined) return found;
  const node = findNodeCrypto();
  found = node === undefined ? webPrimitives : nodePrimitives(node);
  return found;
}

/** SHA-256 of a text's UTF-8, base64url. */
export const sha256: Primitives['sha256'] = (text) => primitives().sha256(text);
/** HMAC-SHA-256 under this key. */
export const hmac: Primitives['mac'] = (key) => primitives().mac(key);
/** AES-256-GCM under this key of 32 bytes. */
export const aesGcm: Primitives['cipher'] = (key) => primitives().cipher(key);
/** A key of 32 bytes for one use, by HKDF-SHA-256. */
export const deriveKey: Primitives['derive'] = (secret, use) => primitives().derive(secret, use);
