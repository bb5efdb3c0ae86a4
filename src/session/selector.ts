import { randomText } from '../crypto/index.ts';

const selectorBytes = 16;

/** A new name for a session: 128 random bits. */
export const newSelector = (): string => randomText(selectorBytes);
