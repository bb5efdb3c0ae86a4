import { type Verifiers, verifiersFor } from '../../store/verifier.ts';

/** What the cookie holds: the selector finds the row, the verifier proves the visitor. */
interface SessionToken {
  readonly selector: string;
  readonly verifier: string;
}

const grammar = /^[\w-]{22}\.[\w-]{43}$/;
const split = 22;

/** Verifiers are bound to the name of their cookie: over one store no other name's sessions open by them. */
export function sessionVerifiers(name: string): Verifiers {
  return verifiersFor(`hallpass session ${name.length}:${name}:`);
}

export function formatSessionToken({ selector, verifier }: SessionToken): string {
  return `${selector}.${verifier}`;
}

/** Nothing that is not of this form ever reaches a store. */
export function parseSessionToken(value: string): SessionToken | undefined {
  if (!grammar.test(value)) return undefined;
  return { selector: value.slice(0, split), verifier: value.slice(split + 1) };
}
