import { attributesShape } from '../cookie/options.ts';
import type { CookieAttributes } from '../cookie/types.ts';
import { aClock, aRevocationList } from '../errors/kinds.ts';
import { listOf, optionsOf, type Shape } from '../errors/misuse.ts';
import type { KeyRing } from '../seal/key-ring.ts';
import type { RevocationList, SessionStore } from '../store/contract.ts';
import type { Clock, Duration } from '../time.ts';
import type { TokenEvent } from './events.ts';
import type { Jwk } from './jwk.ts';

/** A cookie of tokens. Its lifetime follows from its token; it is always Secure and HttpOnly. */
export type TokenCookie = CookieAttributes & {
  /** Default: `__Host-access` and `__Host-refresh`; with a path or a domain the prefix is `__Secure-`. */
  name?: string;
};

/** Options of {@link createTokens}. */
export interface TokenOptions {
  /**
   * A ring: tokens are HS256 under a key of their own that is derived from the ring's active one, and every key that is not
   * revoked verifies. Or JSON Web Keys, each with its `alg`, all of them secret (HS…) or all of them with a public half:
   * the first signs, all verify. Only the first needs its private half.
   */
  keys: KeyRing | readonly Jwk[];
  /** The `iss` of every token: who makes them, as `https://app.example.com`. */
  issuer: string;
  /** The `aud` of every token: whom they are for. Of several, one is enough. */
  audience: string | readonly string[];
  /**
   * What `issuer` and `audience` were before: a refresh token that is bound to one of these is good, and goes on for the
   * present ones. Access tokens of before are not. Default: none.
   */
  former?: { readonly issuers?: readonly string[]; readonly audiences?: readonly string[] };
  /** How long an access token lives. A bare number is seconds; over a day say the unit. Default: `'15m'`. */
  access?: Duration;
  /** How long a sign-in lives however often it is refreshed, 400 days at most. Over a day say the unit. Default: `'30d'`. */
  refresh?: Duration;
  /**
   * How long the refresh token before the present one gets the present one again. 60 s are added for servers whose clocks
   * differ, unless it is 0. Of a bare number, seconds, 600 is the most. Default: `'30s'`.
   */
  rotationGrace?: Duration;
  /** Where the families of refresh tokens live. Sessions may live in the same one. */
  store: SessionStore;
  /**
   * Asked at every `authenticate` instead of `store`: for servers that verify tokens without the store of sign-ins.
   * Shared by all of them. Default: `store` is asked.
   */
  revocations?: RevocationList;
  /** How long a request waits for the store, at each call. Default: `'2s'`. */
  storeTimeout?: Duration;
  /** Their names and attributes. Default: `__Host-access` with SameSite=Lax, and `__Host-refresh` with SameSite=Strict. */
  cookie?: { access?: TokenCookie; refresh?: TokenCookie };
  /** Told of everything that happens. It may throw; nothing breaks. Default: nobody is. */
  onEvent?: (event: TokenEvent) => unknown;
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

const tokenCookieShape: Shape<TokenCookie> = { ...attributesShape, name: 'string' };

/** Keys, names and the store are judged where they are read: they have to be there. */
export const tokenShape: Shape<TokenOptions> = {
  keys: 'any',
  issuer: 'any',
  audience: 'any',
  former: optionsOf<NonNullable<TokenOptions['former']>>({
    issuers: listOf('string'),
    audiences: listOf('string'),
  }),
  access: 'string|number',
  refresh: 'string|number',
  rotationGrace: 'string|number',
  store: 'any',
  revocations: aRevocationList,
  storeTimeout: 'string|number',
  cookie: optionsOf<NonNullable<TokenOptions['cookie']>>({
    access: optionsOf(tokenCookieShape),
    refresh: optionsOf(tokenCookieShape),
  }),
  onEvent: 'function',
  clock: aClock,
};
