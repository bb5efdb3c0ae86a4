import { decodeBase64url } from './base64url.ts';
import { isBuildingSnapshot } from './build-snapshot.ts';
import { keyLength, nonceLength, type Primitives, tagLength } from './primitives.ts';

type NodeCrypto = typeof import('node:crypto');

const noncesAtOnce = 512;

/** Everything at once, through node:crypto. Keys are KeyObjects: a Buffer as key costs six times as much. Bench row: seal and open 300 bytes. */
export function nodePrimitives(node: NodeCrypto): Primitives {
  const nextNonce = noncesOf(node);
  return {
    sha256: (text) => node.hash('sha256', text, 'base64url'),

    mac(bytes) {
      const key = node.createSecretKey(bytes);
      return (text) => node.createHmac('sha256', key).update(text).digest('base64url');
    },

    cipher(bytes) {
      const key = node.createSecretKey(bytes);
      return {
        encrypt(text) {
          const nonce = nextNonce();
          const cipher = node.createCipheriv('aes-256-gcm', key, nonce);
          const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
          return Buffer.concat(parts).toString('base64url');
        },
        decrypt(sealed) {
          const bytes = decodeBase64url(sealed);
          if (bytes === undefined || bytes.length < nonceLength + tagLength) return undefined;
          const decipher = node.createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength));
          decipher.setAuthTag(bytes.subarray(-tagLength));
          try {
            const text = decipher.update(bytes.subarray(nonceLength, -tagLength));
            decipher.final();
            return text.toString();
          } catch {
            return undefined;
          }
        },
      };
    },

    derive: (secret, use) => new Uint8Array(node.hkdfSync('sha256', secret, '', use, keyLength)),
  };
}

/** Random nonces, which are no secret: cut from one buffer after the other, never copied and never given twice. Bench row: seal and open 300 bytes. */
function noncesOf(node: NodeCrypto): () => Buffer {
  let buffer: Buffer | undefined;
  let used = 0;
  return () => {
    if (buffer === undefined || used === buffer.length) {
      if (isBuildingSnapshot()) return node.randomBytes(nonceLength);
      buffer = node.randomBytes(nonceLength * noncesAtOnce);
      used = 0;
    }
    used += nonceLength;
    return buffer.subarray(used - nonceLength, used);
  };
}

/** node:crypto where this runtime has it, without an import that would fail elsewhere. */
export function findNodeCrypto(): NodeCrypto | undefined {
  const found = globalThis.process?.getBuiltinModule?.('node:crypto');
  return typeof found?.hash === 'function' ? found : undefined;
}
