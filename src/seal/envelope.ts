import {
  type Awaitable,
  aesGcm,
  after,
  decodeBase64url,
  encodeBase64url,
  equal,
  hmac,
} from '../crypto/index.ts';
import { HallpassError } from '../errors.ts';
import { type Binding, KeyRing, type Kind } from './key-ring.ts';

/** Why an envelope does not open. */
export type Unopened = 'seal-broken' | 'seal-unknown-key';

/** What an envelope held, and whether its key is a former one: another would close it today. */
interface Unwrapped {
  readonly text: string;
  readonly formerKey: boolean;
}

/** Text in an envelope: `mark.key-id.body`, where the mark tells the kind and the version. */
export interface Envelope {
  wrap(ring: KeyRing, binding: Binding, text: string): Awaitable<string>;
  unwrap(ring: KeyRing, binding: Binding, wrapped: string): Awaitable<Unwrapped | Unopened>;
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Secret and authentic: AES-256-GCM. */
export const sealing: Envelope = envelope({
  mark: 'hp1',
  box(key) {
    const { encrypt, decrypt } = aesGcm(key);
    return { write: encrypt, read: decrypt };
  },
});

/** Authentic, and readable by everybody: HMAC-SHA-256. */
export const signing: Envelope = envelope({
  mark: 'hs1',
  box(key) {
    const mac = hmac(key);
    return {
      write(text) {
        const payload = encodeBase64url(utf8.encode(text));
        return after(mac(payload), (proof) => `${payload}.${proof}`);
      },
      read(body) {
        const [payload = '', proof = '', ...more] = body.split('.');
        return after(mac(payload), (expected) => {
          if (more.length > 0 || !equal(proof, expected)) return undefined;
          const bytes = decodeBase64url(payload);
          return bytes && fromUtf8.decode(bytes);
        });
      },
    };
  },
});

function envelope(kind: Kind): Envelope {
  const head = `${kind.mark}.`;

  return {
    wrap(ring, binding, text) {
      const key = KeyRing.activeOf(ring);
      return after(key.box(kind, binding), (box) =>
        after(box.write(text), (body) => after(key.id, (id) => `${head}${id}.${body}`)),
      );
    },

    unwrap(ring, binding, wrapped) {
      const split = wrapped.indexOf('.', head.length);
      if (!wrapped.startsWith(head) || split === -1) return 'seal-broken';
      return after(KeyRing.find(ring, wrapped.slice(head.length, split)), (key) => {
        if (key === undefined) return 'seal-unknown-key';
        const formerKey = key.state !== 'active';
        return after(key.box(kind, binding), (box) =>
          after(box.read(wrapped.slice(split + 1)), (text) =>
            text === undefined ? 'seal-broken' : { text, formerKey },
          ),
        );
      });
    },
  };
}

const sentences: Record<Unopened, string> = {
  'seal-broken': 'This seal is broken: changed, cut, or made for another purpose or name.',
  'seal-unknown-key': 'The key of this seal is not on the ring, or is revoked.',
};

/** The error that says why an envelope does not open. */
export function unopened(why: Unopened): HallpassError {
  return new HallpassError(why, sentences[why]);
}
