import { serializeSetCookie } from '../cookie/set-cookie.ts';
import type { Awaitable } from '../crypto/index.ts';
import { checkOptions, expectType, refuseOwnCall, type Shape } from '../errors/misuse.ts';
import { checkedAdopted } from '../session/foreign.ts';
import type { CommonOptions } from '../session/options.ts';
import type { Adopted, NotAdopted } from '../session/types.ts';

/** For `adopt` of `createSessions`. */
export type Adopt<Data extends object> = NonNullable<CommonOptions<Data>['adopt']>;

/** What every reader of another library's sessions takes. */
export interface AdoptOptions<Data extends object> {
  /**
   * Whose a session there is, and what of it goes on. `undefined`: nothing. A session there may be of nobody: then `user` is
   * `undefined`, and never `String(undefined)`. What it throws, and what no session can be, is
   * an event (`not-adopted`), and the visitor is anonymous.
   */
  takeOver(
    old: Record<string, unknown>,
  ): Awaitable<Omit<Adopted<Data>, 'id' | 'discard' | 'expiresAt'> | undefined>;
  /** The `path` of the cookie there, which is expired once a session of ours stands in its place. Default: `'/'`. */
  path?: string;
  /** The `domain` of the cookie there. Default: none. */
  domain?: string;
}

/** What those may hold. */
export const adoptShape: Shape<AdoptOptions<object>> = {
  takeOver: 'function',
  path: 'string',
  domain: 'string',
};

/**
 * The session of ours that goes on with what the library kept, or why there is none.
 * @param names of the cookies that the old session stands in
 */
type TakeOver<Data extends object> = (
  names: readonly string[],
  old: unknown,
  more?: Pick<Adopted<Data>, 'id' | 'discard' | 'expiresAt'>,
) => Promise<Adopted<Data> | NotAdopted | undefined>;

/**
 * @param shape what its options may hold
 * @param whose the reader, for the message
 * @param name of the cookie there
 * @throws TypeError for what is missing or names no cookie
 */
export function takingOver<Data extends object>(
  options: AdoptOptions<Data>,
  shape: Shape<AdoptOptions<object>>,
  whose: string,
  name: string,
): TakeOver<Data> {
  checkOptions(options, shape as unknown as Shape<AdoptOptions<Data>>, whose);
  expectType(options.takeOver, 'function', `takeOver of ${whose}`);
  const expire = (one: string) => expiring(one, options.path ?? '/', options.domain);
  expire(name);
  return async (names, old, more) => {
    if (!isObject(old)) return { cookie: name, refused: 'malformed' };
    try {
      const taken = await options.takeOver(old);
      if (taken === undefined) return undefined;
      expectType(taken, 'object', 'What takeOver gives');
      const adopted = { setCookie: names.map(expire), ...taken, ...more };
      checkedAdopted(adopted as Adopted);
      return adopted;
    } catch (cause) {
      return { cookie: name, refused: 'failed', cause };
    }
  };
}

/** What a reader gives to `createSessions`. @param whose the reader, for the message */
export const readerOf =
  <Data extends object>(whose: string, read: Adopt<Data>): Adopt<Data> =>
  async (readCookie, now) => {
    if (typeof readCookie !== 'function')
      refuseOwnCall(
        `createSessions({ adopt: ${whose}(…) })`,
        'Sessions call this, with the cookies of a visitor',
      );
    return read(readCookie, now);
  };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function expiring(name: string, path: string, domain: string | undefined): string {
  // Only a prefix asks for Secure: over https a Secure cookie is expired without it too.
  const secure = /^__(?:secure|host)-/i.test(name);
  return serializeSetCookie({ name, value: '', path, domain, secure, maxAge: 0, expires: new Date(0) });
}
