import { decodeBase64url } from './base64url.ts';
import { keyLength, nonceLength, type Primitives, tagLength } from './primitives.ts';
import { randomBytes } from './random.ts';

type NodeCrypto = typeof import('node:crypto');

/** Everything at once, through node:crypto. Keys are KeyObjects: a Buffer as key costs six times as much. */
export function nodePrimitives(node: NodeCrypto): Primitives {
  return {
    sha256: (text) => node.hash('sha256', text, 'base64url'),

    mac(bytes) {
      const key = node.createSecretKey(bytes);
      return (text) => node.createHmac('sha256', key).update(text).digest('base64url');
    },

    cipher(bytes) {
      const key = node.createSecretKey(bytes);
      return {
        encrypt(text, context) {
          const nonce = randomBytes(nonceLength);
          const cipher = node.createCipheriv('aes-256-gcm', key, nonce);
          cipher.setAAD(Buffer.from(context));
          const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
          return Buffer.concat(parts).toString('base64url');
        },
        decrypt(sealed, context) {
          const bytes = decodeBase64url(sealed);
          if (bytes === undefined || bytes.length < nonceLength + tagLength) return undefined;
          const decipher = node.createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength), {
            authTagLength: tagLength,
          });
          decipher.setAAD(Buffer.from(context));
          decipher.setAuthTag(bytes.subarray(-tagLength));
          try {
            const text = decipher.update(bytes.subarray(nonceLength, -tagLength), undefined, 'utf8');
            return text + decipher.final('utf8');
          } catch {
            return undefined;
          }
        },
      };
    },

    derive: (secret, use) => new Uint8Array(node.hkdfSync('sha256', secret, '', use, keyLength)),
  };
}

/** node:crypto where this runtime has it, without an import that would fail elsewhere. */
export function findNodeCrypto(): NodeCrypto | undefined {
  const found = globalThis.process?.getBuiltinModule?.('node:crypto');
  return typeof found?.hash === 'function' ? found : undefined;
}
