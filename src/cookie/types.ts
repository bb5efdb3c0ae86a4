import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { SameSite } from '../scope/cookie-facts.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { Codec } from '../seal/codec.ts';
import type { Clock, Duration } from '../time.ts';
import type { RequestSource, ResponseTarget } from './request-source.ts';

export type { Codec } from '../seal/codec.ts';

/** The attributes of a defined cookie, as its lines say them. */
export interface CookieAttributes {
  /** The path that it is for, and everything below it. Default: `'/'`. */
  path?: string;
  /** Widens the cookie to this domain and everything below it. Default: its own host alone. */
  domain?: string;
  /** A duration; a bare number is seconds. Default: until the browser closes. */
  maxAge?: Duration;
  /** When it ends; `maxAge` wins over it. Default: when the browser closes. */
  expires?: Date;
  /** Only over https. Default: true. */
  secure?: boolean;
  /** Out of the reach of scripts. Default: true. */
  httpOnly?: boolean;
  /** Whether it comes with requests that other sites cause. Default: `'lax'`, for refresh tokens `'strict'`. */
  sameSite?: SameSite;
  /** Kept apart for each site that the page is embedded in. Default: false. */
  partitioned?: boolean;
}

/**
 * The attributes as options. Default: `Path=/`, host-only, Secure, HttpOnly, SameSite=Lax, until the browser closes.
 * `null` leaves an attribute out of the line. A definition always says its Path, because its deletion has to.
 */
export type CookieAttributeOptions = {
  [Name in Exclude<keyof CookieAttributes, 'path'>]?: CookieAttributes[Name] | null;
} & Pick<CookieAttributes, 'path'>;

/** How a value is written: as text, or as JSON text. */
export type CookieFormat = 'text' | 'json';

/** What `read` gives: what the schema says, or what the format can hold. */
export type CookieOutput<Schema, Format> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : Format extends 'json'
    ? unknown
    : string;

/** What `serialize` takes. */
export type CookieInput<Schema, Format> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<Schema>
  : Format extends 'json'
    ? unknown
    : string;

/** A cookie as it was set before. Default of each: as the cookie is now. */
export interface FormerCookie {
  name?: string;
  path?: string;
  /** `null`: it was host-only. */
  domain?: string | null;
  partitioned?: boolean;
}

/** How a cookie is defined: once, with its name, so that update and deletion are right by construction. */
export interface CookieOptions<
  Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  Format extends CookieFormat = CookieFormat,
  Coded extends Codec | undefined = Codec | undefined,
> extends CookieAttributeOptions {
  /** Checks what comes in and types what goes out. Any Standard Schema: zod, valibot, arktype. Default: whatever the format can hold. */
  schema?: Schema;
  /** What `read` gives for a missing or invalid cookie. Default: `undefined`. */
  default?: CookieOutput<Schema, Format> | undefined;
  /** How a value is written. Default: `'text'`. */
  format?: Format;
  /** Signs or seals the value; the definition is then asynchronous. Default: the value is written as it is. */
  codec?: Coded;
  /** True: must be Secure and HttpOnly, and its value stands in no message. Default: false. */
  sensitive?: boolean;
  /** The purpose that a visitor must have agreed to: without `consent` of the pipeline naming it, the pipeline does not set the cookie. Default: none is asked for. */
  consent?: string;
  /** What time it is: an Expires may lie 400 days ahead. Default: the system's clock. */
  clock?: Clock;
  /** What the cookie was before: every write and every deletion expires these variants too. Default: none. */
  former?: readonly FormerCookie[];
}

/** What a name's prefix leaves open, so that a `__Host-` cookie with a domain does not compile. */
export type PrefixRules<Name extends string> = (Lowercase<Name> extends `__host-${string}`
  ? { domain?: never; path?: '/'; secure?: true }
  : unknown) &
  (Lowercase<Name> extends `__http-${string}` | `__host-http-${string}`
    ? { secure?: true; httpOnly?: true }
    : unknown) &
  (Lowercase<Name> extends `__secure-${string}` ? { secure?: true } : unknown);

/**
 * What may differ from one emission to the next: the lifetime. Either one replaces both of the definition, and `null` says
 * none, so the cookie lasts until the browser closes.
 */
export interface CookieOverrides {
  /** A duration; a bare number is seconds. Default: the definition's. */
  maxAge?: Duration | null;
  /** When it ends. Default: the definition's. */
  expires?: Date | null;
}

interface CookieDefinitionCommon {
  readonly name: string;
  readonly attributes: Readonly<CookieAttributes>;
  readonly sensitive: boolean;
  readonly consent: string | undefined;
  /** The lines that delete the cookie, and every former variant of it: each attribute repeated, Max-Age=0, Expires 1970. */
  serializeDelete(): string[];
  /** The lines that delete the former variants alone: send them before a line of `serialize`, as `set` does. */
  serializeFormer(): string[];
  /** Replaces this definition's own line by its deletion. A new Response where the headers are immutable. */
  delete<T extends ResponseTarget>(to: T): T;
}

/** A cookie, defined. */
export interface CookieDefinition<In, Out> extends CookieDefinitionCommon {
  /** The checked value; the default for a missing or invalid one. */
  read(from: RequestSource): Out;
  /** The checked value. @throws CookieParameterError (422) for a missing or invalid one. */
  require(from: RequestSource): Exclude<Out, undefined>;
  /** Why `read` gives what it gives: `cookie-missing`, `cookie-invalid`, or a warning that several came, or one that looks comma-joined. */
  explain(from: RequestSource): Verdict;
  /** The Set-Cookie line. @throws TypeError when browsers would drop it. */
  serialize(value: In, per?: CookieOverrides): string;
  /** Replaces this definition's own line. A new Response where the headers are immutable. */
  set<T extends ResponseTarget>(to: T, value: In, per?: CookieOverrides): T;
}

/** A cookie with a codec: as {@link CookieDefinition}, asynchronous. */
export interface AsyncCookieDefinition<In, Out> extends CookieDefinitionCommon {
  read(from: RequestSource): Promise<Out>;
  require(from: RequestSource): Promise<Exclude<Out, undefined>>;
  explain(from: RequestSource): Promise<Verdict>;
  serialize(value: In, per?: CookieOverrides): Promise<string>;
  set<T extends ResponseTarget>(to: T, value: In, per?: CookieOverrides): Promise<T>;
}
