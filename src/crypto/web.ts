import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { keyLength, nonceLength, type Primitives, tagLength } from './primitives.ts';
import { randomBytes } from './random.ts';

const toUtf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const base64url = (buffer: ArrayBuffer) => encodeBase64url(new Uint8Array(buffer));

/** One WebCrypto call for each operation; a key is imported once. */
export const webPrimitives: Primitives = {
  sha256: async (text) => base64url(await crypto.subtle.digest('SHA-256', toUtf8.encode(text))),

  mac(bytes) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
    return async (text) => base64url(await crypto.subtle.sign('HMAC', await key, toUtf8.encode(text)));
  },

  cipher(bytes) {
    const key = crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
    const gcm = (iv: Uint8Array<ArrayBuffer>) => ({ name: 'AES-GCM', iv });
    return {
      async encrypt(text) {
        const nonce = randomBytes(nonceLength);
        const sealed = await crypto.subtle.encrypt(gcm(nonce), await key, toUtf8.encode(text));
        const whole = new Uint8Array(nonceLength + sealed.byteLength);
        whole.set(nonce);
        whole.set(new Uint8Array(sealed), nonceLength);
        return encodeBase64url(whole);
      },
      async decrypt(sealed) {
        const bytes = decodeBase64url(sealed);
        if (bytes === undefined || bytes.length < nonceLength + tagLength) return undefined;
        const nonce = bytes.subarray(0, nonceLength);
        try {
          const plain = await crypto.subtle.decrypt(gcm(nonce), await key, bytes.subarray(nonceLength));
          return fromUtf8.decode(plain);
        } catch {
          return undefined;
        }
      },
    };
  },

  async derive(secret, use) {
    const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: toUtf8.encode(use) };
    return new Uint8Array(await crypto.subtle.deriveBits(hkdf, key, keyLength * 8));
  },
};
