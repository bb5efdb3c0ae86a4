import type { RequestSource, ResponseTarget } from '../cookie/request-source.ts';
import type { HttpError } from '../errors.ts';
import type { Reason } from '../scope/verdict.ts';
import type { Jwk } from './jwk.ts';

/** The tokens of one sign-in, for a client that keeps them itself. */
export interface TokenPair {
  /** A signed JWT. Everybody who holds it can read it. */
  readonly access: string;
  /** Opaque. Good for one `refreshBearer`, which gives the next one. */
  readonly refresh: string;
  /** Seconds until the access token ends. */
  readonly expiresIn: number;
}

/** Who a token speaks for. */
export interface Authenticated<Claims> {
  readonly allowed: true;
  readonly user: string;
  /** What `issue` was given. */
  readonly claims: Claims;
  /** Names this access token: what `revoke({ jti })` takes. */
  readonly jti: string;
  /** Names the sign-in that this token descends from: what `revoke({ family })` takes. No secret. */
  readonly family: string;
  /** When the access token ends, in ms since 1970. */
  readonly expiresAt: number;
}

/** No token, or one that is not good. The reasons are for logs; a visitor gets the same answer for all of them. */
export interface Unauthenticated {
  readonly allowed: false;
  readonly reasons: readonly [Reason, ...Reason[]];
  /** The answer, to throw or to send: 401 with `WWW-Authenticate: Bearer` (RFC 6750 §3). */
  readonly error: HttpError;
}

/** A sign-in of a user, for a list of devices. */
export interface TokenFamily {
  readonly family: string;
  readonly createdAt: number;
  /** When it was refreshed last, in ms since 1970. */
  readonly seenAt: number;
  readonly expiresAt: number;
}

/** A public key, as others need it to verify tokens. */
export type PublishedKey = Jwk & { readonly kid: string; readonly alg: string };

/** What `revoke` ends. */
export type RevokeTarget =
  /** The family of the access token or of the refresh cookie that this request brings: a sign-out. */
  | Exclude<RequestSource, string | null | undefined>
  /** Every family of this user, and every session that the same store keeps. */
  | { readonly user: string }
  /** One family; with `of`, only when it is this user's. A TypeError when `of` is given and is no user. */
  | { readonly family: string; readonly of?: string }
  /** One access token; its family lives on. */
  | { readonly jti: string }
  /** The family of this refresh token (RFC 7009). */
  | { readonly refresh: string };

/** Access and refresh tokens of one issuer. */
export interface Tokens<Claims extends object = Record<string, unknown>> {
  /**
   * Signs a user in with two HttpOnly cookies. Gives `to` back, or a new Response where its headers are immutable.
   * @throws TypeError for claims that JSON cannot hold, that the token itself makes, or that are too long for a cookie.
   * @throws HttpError 409 `session-gone` when the user's sign-ins were ended meanwhile, 503 `store-unavailable`.
   */
  issue<T extends ResponseTarget>(userId: string, to: T, claims?: Claims): Promise<T>;
  /** Signs a user in with tokens in hand, for a client that has no cookies. */
  issueBearer(userId: string, claims?: Claims): Promise<TokenPair>;
  /**
   * Who this request comes from, by `Authorization: Bearer` or else by the access cookie. Any token at all is an answer.
   * @throws HttpError 503 `store-unavailable`
   */
  authenticate(from: RequestSource): Promise<Authenticated<Claims> | Unauthenticated>;
  /**
   * New cookies for the refresh cookie of this request. A refusal leaves the cookies alone.
   * @throws HttpError 503 `store-unavailable`
   */
  refresh<T extends ResponseTarget>(
    from: RequestSource,
    to: T,
  ): Promise<(Authenticated<Claims> & { readonly to: T }) | Unauthenticated>;
  /** New tokens for a refresh token of `issueBearer`. */
  refreshBearer(refresh: string): Promise<(Authenticated<Claims> & TokenPair) | Unauthenticated>;
  /**
   * Ends tokens before their time; how many sign-ins (or tokens, by `jti`) lived until now.
   * @param to where the cookies are expired; a Response whose headers are immutable is refused: make it first.
   */
  revoke(target: RevokeTarget, to?: ResponseTarget): Promise<number>;
  /**
   * Ends every sign-in of everybody with this issuer, after a break-in, say: refresh tokens and access tokens, here at once and within a second
   * in other processes. Sessions of the same store have a call of their own, `sessions.revokeEverything()`.
   * @throws HttpError 503 `store-unavailable`
   */
  revokeEverything(): Promise<void>;
  /** The live families of a user, the last used first. */
  list(userId: string): Promise<TokenFamily[]>;
  /**
   * Removes up to `limit` rows of the store that are past every deadline; how many went. Hygiene: deadlines hold without it.
   * @param limit Default: 10,000
   * @throws TypeError for a limit that is no positive integer
   */
  sweep(limit?: number): Promise<number>;
  /** The public keys for `/.well-known/jwks.json` (RFC 7517 §5). Empty with a key ring, whose keys are secret. */
  jwks(): Promise<{ keys: PublishedKey[] }>;
}
