import { isRandomText, randomText } from '../crypto/index.ts';

const selectorBytes = 16;

/** Characters of it in base64url. */
const selectorLength = 22;

/** True for what can be the name of a session. Nothing else ever reaches a store. */
export const isSelector = (text: string): boolean => isRandomText(text, selectorBytes);

/** The name that a hash in base64url gives: as much of it as a name has. */
export const selectorOf = (hash: string): string => hash.slice(0, selectorLength);

/** A new name for a session: 128 random bits. */
export const newSelector = (): string => randomText(selectorBytes);
