import { type Awaitable, hmac, randomText } from '../../crypto/index.ts';

/** What the cookie holds: the selector finds the row, the verifier proves the visitor. */
export interface Pass {
  readonly selector: string;
  readonly verifier: string;
}

const verifierBytes = 32;
const nonceBytes = 16;
const grammar = /^[\w-]{22}\.[\w-]{43}$/;
const split = 22;

export const newVerifier = (): string => randomText(verifierBytes);
export const newNonce = (): string => randomText(nonceBytes);

export function formatPass({ selector, verifier }: Pass): string {
  return `${selector}.${verifier}`;
}

/** Nothing that is not of this form ever reaches a store. */
export function parsePass(value: string): Pass | undefined {
  if (!grammar.test(value)) return undefined;
  return { selector: value.slice(0, split), verifier: value.slice(split + 1) };
}

const utf8 = new TextEncoder();

/** The verifier that follows this one: whoever holds this one and the row's nonce can derive it, and nobody else. */
export function successor(verifier: string, nonce: string): Awaitable<string> {
  return hmac(utf8.encode(verifier))(nonce);
}
