import type { AsyncCookieDefinition, CookieDefinition } from '../cookie/types.ts';

/** Reads a defined cookie as the request leaves it: what the visitor sent, or what the handler has set since. */
export type ReadDefined = <In, Out>(definition: CookieDefinition<In, Out>) => Out;

/** Which purposes of cookies a visitor has consented to. */
export interface ConsentPolicy<Host extends unknown[] = []> {
  /**
   * The purposes that this visitor agrees to, as `consent` of definitions names them. Asked when the answer begins, so that it
   * counts what the handler has set. What it throws fails the request.
   */
  purposes(read: ReadDefined, ...host: Host): Iterable<string>;
  /** Cookies with a purpose that are expired when a visitor brings them without consent. Default: none but those that a handler sets. */
  cookies?: readonly (CookieDefinition<never, unknown> | AsyncCookieDefinition<never, unknown>)[];
}
