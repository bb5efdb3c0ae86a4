import { decodeBase64url, encodeBase64url, equal } from '../crypto/index.ts';
import { HallpassError } from '../errors.ts';
import { type Key, KeyRing } from './key-ring.ts';

/** What a seal or signature is bound to, beside its key. */
export interface Binding {
  readonly purpose: string;
  /** The cookie's name, where there is one. */
  readonly name?: string;
}

/**
 * Text in an envelope: `mark.key-id.body`, where the mark tells the kind and the version. Opening rejects with
 * HallpassError `seal-unknown-key` or `seal-broken`.
 */
export interface Envelope {
  wrap(ring: KeyRing, binding: Binding, text: string): Promise<string>;
  unwrap(ring: KeyRing, binding: Binding, wrapped: string): Promise<string>;
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Secret and authentic: AES-256-GCM. */
export const sealing: Envelope = envelope('hp1', {
  async write(key, purpose, context, text) {
    return (await key.cipher(purpose)).encrypt(text, context);
  },
  async read(key, purpose, context, body) {
    return (await key.cipher(purpose)).decrypt(body, context);
  },
});

/** Authentic, and readable by everybody: HMAC-SHA-256. */
export const signing: Envelope = envelope('hs1', {
  async write(key, purpose, context, text) {
    const payload = encodeBase64url(utf8.encode(text));
    return `${payload}.${await (await key.mac(purpose))(context + payload)}`;
  },
  async read(key, purpose, context, body) {
    const [payload = '', mac = '', ...more] = body.split('.');
    if (more.length > 0 || !equal(mac, await (await key.mac(purpose))(context + payload))) return undefined;
    const bytes = decodeBase64url(payload);
    return bytes && fromUtf8.decode(bytes);
  },
});

interface Kind {
  write(key: Key, purpose: string, context: string, text: string): Promise<string>;
  /** `undefined` for everything that `write` did not write. */
  read(key: Key, purpose: string, context: string, body: string): Promise<string | undefined>;
}

function envelope(mark: string, kind: Kind): Envelope {
  // JSON, so that no purpose and name together look like another purpose and name.
  const contextOf = (id: string, { purpose, name }: Binding) =>
    JSON.stringify([mark, id, purpose, name ?? null]);

  return {
    async wrap(ring, binding, text) {
      const key = KeyRing.activeOf(ring);
      const id = await key.id;
      return `${mark}.${id}.${await kind.write(key, binding.purpose, contextOf(id, binding), text)}`;
    },

    async unwrap(ring, binding, wrapped) {
      const [, found, id = '', body = ''] = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(wrapped) ?? [];
      if (found !== mark)
        throw new HallpassError('seal-broken', 'This is nothing that was sealed or signed here.');
      const key = await KeyRing.find(ring, id);
      if (key === undefined) {
        throw new HallpassError(
          'seal-unknown-key',
          'The key of this seal is not on the ring, or is revoked.',
        );
      }
      const text = await kind.read(key, binding.purpose, contextOf(id, binding), body);
      if (text !== undefined) return text;
      throw new HallpassError(
        'seal-broken',
        'This seal is broken: changed, cut, or made for another purpose or name.',
      );
    },
  };
}
