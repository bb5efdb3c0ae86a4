import { type Verifiers, verifiersFor } from '../../store/verifier.ts';

/** What the cookie holds: the selector finds the row, the verifier proves the visitor. */
export interface SessionToken {
  readonly selector: string;
  readonly verifier: string;
}

const grammar = /^[\w-]{22}\.[\w-]{43}$/;
const split = 22;

export const sessionVerifiers: Verifiers = verifiersFor('');

export function formatSessionToken({ selector, verifier }: SessionToken): string {
  return `${selector}.${verifier}`;
}

/** Nothing that is not of this form ever reaches a store. */
export function parseSessionToken(value: string): SessionToken | undefined {
  if (!grammar.test(value)) return undefined;
  return { selector: value.slice(0, split), verifier: value.slice(split + 1) };
}
