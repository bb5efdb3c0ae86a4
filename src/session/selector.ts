import { randomText } from '../crypto/index.ts';

const selectorBytes = 16;

const grammar = /^[\w-]{22}$/;

/** True for what can be the name of a session. Nothing else ever reaches a store. */
export const isSelector = (text: string): boolean => grammar.test(text);

/** A new name for a session: 128 random bits. */
export const newSelector = (): string => randomText(selectorBytes);
