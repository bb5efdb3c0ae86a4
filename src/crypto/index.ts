import { findNodeCrypto, nodePrimitives } from './node.ts';
import type { Cipher, Mac, Primitives } from './primitives.ts';
import { webPrimitives } from './web.ts';

export { type Awaitable, after } from './awaitable.ts';
export { decodeBase64url, encodeBase64url } from './base64url.ts';
export { equal } from './equal.ts';
export type { Mac } from './primitives.ts';
export { isRandomText, randomBytes, randomText } from './random.ts';

const node = findNodeCrypto();

/** The cryptography of this runtime: synchronous where it can be. */
const primitives: Primitives = node === undefined ? webPrimitives : nodePrimitives(node);

/** SHA-256 of a text's UTF-8, base64url. */
export const sha256: Primitives['sha256'] = primitives.sha256;
/** HMAC-SHA-256 under this key. */
export const hmac: (key: Uint8Array<ArrayBuffer>) => Mac = primitives.mac;
/** AES-256-GCM under this key of 32 bytes. */
export const aesGcm: (key: Uint8Array<ArrayBuffer>) => Cipher = primitives.cipher;
/** A key of 32 bytes for one use, by HKDF-SHA-256. */
export const deriveKey: Primitives['derive'] = primitives.derive;
