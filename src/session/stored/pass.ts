import { type Verifiers, verifiersFor } from '../../store/verifier.ts';

/** What the cookie holds: the selector finds the row, the verifier proves the visitor. */
export interface Pass {
  readonly selector: string;
  readonly verifier: string;
}

const grammar = /^[\w-]{22}\.[\w-]{43}$/;
const split = 22;

export const sessionVerifiers: Verifiers = verifiersFor('');

export function formatPass({ selector, verifier }: Pass): string {
  return `${selector}.${verifier}`;
}

/** Nothing that is not of this form ever reaches a store. */
export function parsePass(value: string): Pass | undefined {
  if (!grammar.test(value)) return undefined;
  return { selector: value.slice(0, split), verifier: value.slice(split + 1) };
}
