export type { Codec } from './codec.ts';
export { sealed, signed } from './codecs.ts';
export { type KeyOptions, type KeyRing, type KeyState, keyRing } from './key-ring.ts';
export { generateKey } from './key-text.ts';
export { type OpenOptions, open, type SealOptions, seal, sign, verify } from './seal.ts';
