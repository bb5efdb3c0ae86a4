import type { Codec } from './codec.ts';
import { type Envelope, sealing, signing } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';

const purpose = 'cookie';

/** Signs a cookie's value: everybody can read it, nobody can change it or present it under another cookie's name. */
export function signed(ring: KeyRing): Codec {
  return codec(signing, ring);
}

/** Encrypts and authenticates a cookie's value, bound to the cookie's name. */
export function sealed(ring: KeyRing): Codec {
  return codec(sealing, ring);
}

function codec(envelope: Envelope, ring: KeyRing): Codec {
  return {
    encode: async (text, name) => envelope.wrap(ring, { purpose, name }, text),

    async decode(text, name) {
      const opened = await envelope.unwrap(ring, { purpose, name }, text);
      return typeof opened === 'string' ? undefined : opened.text;
    },
  };
}
