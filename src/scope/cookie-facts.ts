import { FactNames } from '../errors/misuse.ts';

/** Values of the SameSite attribute. Absent means the default: Lax, as rfc6265bis §5.6.7.1 enforces it. */
export type SameSite = 'strict' | 'lax' | 'none';

/** A Set-Cookie line as data. */
export interface SetCookie {
  name: string;
  value: string;
  /** Widens the cookie to this domain and everything below it; absent = this host only. */
  domain?: string;
  path?: string;
  expires?: Date;
  /** Seconds; zero and less delete. Wins over `expires`. */
  maxAge?: number;
  secure?: boolean;
  httpOnly?: boolean;
  sameSite?: SameSite;
  partitioned?: boolean;
}

/** What a rule needs to know of a stored cookie: its scope, never its value. */
export interface CookieFacts {
  readonly name: string;
  /** Canonical host, without a leading dot. */
  readonly domain: string;
  /** True: exactly `domain`. False: `domain` and everything below it. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite | undefined;
  /** Milliseconds since 1970; `Infinity` for a cookie that lasts as long as the jar's session. */
  readonly expires: number;
  /** The top-level site that a Partitioned cookie is tied to; `#cross-site-ancestor` behind it: its own, through a frame of another. */
  readonly partition?: string;
}

/** A cookie in a jar. Immutable: an update is a new record. */
export interface StoredCookie extends CookieFacts {
  readonly value: string;
  /** `'latin1'`: the octets are no UTF-8, and each character of name, value and path is one of them. Absent: they are text. */
  readonly encoding?: 'latin1';
  /** Milliseconds since 1970; kept when the cookie is updated. */
  readonly createdAt: number;
}

/** Whatever is known of a stored cookie may be asked about; the order is the jar's own. */
export const cookieNames: FactNames = FactNames.of<StoredCookie & { order: number }>({
  name: true,
  domain: true,
  hostOnly: true,
  path: true,
  secure: true,
  httpOnly: true,
  sameSite: true,
  expires: true,
  partition: true,
  value: true,
  encoding: true,
  createdAt: true,
  order: true,
});
