import { aHeaderName } from '../../errors/kinds.ts';
import {
  type Check,
  checkOptions,
  expectType,
  having,
  listOf,
  oneOf,
  type Shape,
} from '../../errors/misuse.ts';
import type { HopView } from '../../scope/hop.ts';
import type { Scope } from '../../scope/scope.ts';

/** What kind of thing a secret of a trace is. */
export type SecretKind =
  | 'cookie'
  | 'bearer'
  | 'basic'
  | 'digest'
  | 'api-key'
  | 'netrc'
  | 'userinfo'
  | 'header'
  | 'credential';

/** What a credential adds to one request. */
export interface Attachment {
  /** Headers, as `fetch` takes them; every value is text. */
  headers?: HeadersInit;
  /** Query parameters: added to the URL on the wire only, so no trace, error or `response.url` shows them. */
  query?: Record<string, string> | URLSearchParams | [name: string, value: string][];
}

/** The request that a credential is attached to: frozen, and without the other secrets. */
export interface RequestView {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as it goes on the wire, all but the signatures to come: frozen. */
export interface RequestToSign {
  /** Exactly as it is sent: absolute, without a fragment, with the secrets that belong in the query. */
  readonly url: string;
  readonly method: string;
  /**
   * The names of its headers in lower case, secret ones too. Content-Type is among them where the body has one; Host, Content-Length and what
   * the transport says of itself (Accept, User-Agent, Accept-Encoding) only where the call wrote them.
   */
  readonly headerNames: readonly string[];
  /** Their values, without the secrets of others that `covers` does not name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The octets of the body: none where there is none, and `undefined` for a stream, of which nobody knows them before they are sent. */
  bytes(): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** What a signature adds to a request. */
export interface Signature {
  /** Headers, as `fetch` takes them; every value is text. */
  headers?: HeadersInit;
}

/** A credential: a secret with a scope. Asked anew at every hop in its scope, so no hop copies it from the one before. */
export interface Credential {
  /** The header or query parameter that carries it, or what people call it. */
  readonly name: string;
  readonly kind: SecretKind;
  /** Where it may travel. Default: to the origin of the client's `baseUrl`. */
  readonly for?: Scope | readonly Scope[] | undefined;
  /** Where `name` stands; absent for what attaches several headers. */
  readonly in?: 'header' | 'query' | undefined;
  /** Asked at every hop in scope. */
  attach(view: RequestView, hop: HopView): Attachment | Promise<Attachment>;
  /** Asked at a 401 of a hop in scope. True: attach again and repeat this hop once. */
  challenge?: ((response: Response, hop: HopView) => boolean | Promise<boolean>) | undefined;
  /**
   * Asked at every hop in scope when all else is attached, cookies too. What it adds is secret; it replaces no header, and none of the
   * connection's. Default: nothing is signed.
   */
  sign?: ((request: RequestToSign, hop: HopView) => Signature | Promise<Signature>) | undefined;
  /** Names of headers whose values `sign` sees although they are secrets of others, as `['authorization']`. Default: none. */
  covers?: readonly string[] | undefined;
  /**
   * Hears the answer of every hop at which it was asked, whatever its status. True: attach and sign again and repeat this hop once, if its body
   * can be sent again. The body of the answer is its caller's: read that of `response.clone()`.
   */
  received?: ((response: Response, hop: HopView) => Reply | Promise<Reply>) | undefined;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one, in every way to write it
type Reply = boolean | undefined | void;

/** What {@link credential} is made from. */
export interface CredentialSpec
  extends Pick<Credential, 'name' | 'challenge' | 'sign' | 'covers' | 'received'> {
  /** Where it may travel. */
  for: Scope | readonly Scope[];
  /** Asked at every hop in scope. Default: it attaches nothing, and only signs. */
  attach?: Credential['attach'];
}

const credentialShape: Shape<CredentialSpec> = {
  name: 'string',
  for: 'any',
  attach: 'function',
  challenge: 'function',
  sign: 'function',
  covers: listOf(aHeaderName),
  received: 'function',
};

/**
 * Any credential: `attach` is called at every hop in scope and returns headers or query parameters; `sign` is called when all else is attached
 * and returns headers that depend on it; `received` hears the answers.
 * @throws TypeError for one that neither attaches nor signs.
 * @example
 * ```ts
 * import { createClient, credential } from 'hallpass/client';
 *
 * const tenant = credential({
 *   name: 'x-tenant',
 *   for: 'https://api.example.com',
 *   attach: ({ method }) => ({ headers: { 'x-tenant': method === 'GET' ? 'readers' : 'writers' } }),
 * });
 * const transport = async ({ headers }: { headers: Headers }) => new Response(headers.get('x-tenant'));
 * const client = createClient({ credentials: tenant, transport });
 * console.log(await client.post('https://api.example.com/').text()); // → writers
 * ```
 */
export function credential(spec: CredentialSpec): Credential {
  checkOptions(spec, credentialShape, 'credential');
  expectType(spec.name, 'string', 'The name of credential({ name, for, attach, sign })');
  const { attach = attachNothing } = spec;
  if (spec.sign === undefined)
    expectType(spec.attach, 'function', 'attach, or else sign, of credential({ name, for, attach, sign })');
  return Object.freeze({ ...spec, attach, kind: 'credential' as const });
}

const attachNothing = (): Attachment => ({});

/** What a client takes: each of its credentials. */
export const credentialKind: Check = having('a credential, as bearer(token)', 'attach');

/** What every ready-made credential may say. */
export interface Scoped {
  /** Where it may travel. Default: to the origin of the client's `baseUrl`. */
  for?: Scope | Scope[];
}

/** A scope is judged where it is read, by the client. */
export const scopedShape: Shape<Scoped> = { for: 'any' };

/**
 * `Authorization: Basic …` (RFC 7617), in UTF-8.
 * @throws TypeError for a user with a colon, which the scheme cannot carry.
 * @example
 * ```ts
 * import { basic, createClient } from 'hallpass/client';
 *
 * const client = createClient({
 *   credentials: basic('ada', 'a-password', { for: 'https://api.example.com' }),
 *   transport: async ({ headers }) => new Response(headers.get('authorization')),
 * });
 * console.log(await client.get('https://api.example.com/').text()); // → Basic YWRhOmEtcGFzc3dvcmQ=
 * ```
 */
export function basic(user: string, password: string, options: Scoped = {}): Credential {
  checkOptions(options, scopedShape, 'basic');
  const value = basicValue(user, password);
  return markUnchanging(fixed('basic', 'authorization', options.for, authorization(value), 'header'));
}

/** The value of a Basic Authorization header. @throws TypeError for a user with a colon. */
export function basicValue(user: string, password: string): string {
  expectType(user, 'string', 'The user of basic(user, password)');
  expectType(password, 'string', 'The password of basic(user, password)');
  if (user.includes(':')) throw new TypeError('A user of Basic authentication cannot contain a colon.');
  const octets = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))}`;
}

/**
 * A fixed key in a header or a query parameter. A key in the query is added on the wire only.
 * @example
 * ```ts
 * import { apiKey, createClient } from 'hallpass/client';
 *
 * const client = createClient({
 *   credentials: apiKey('key', 'a-key', { for: 'https://api.example.com', in: 'query' }),
 *   transport: async ({ url }) => new Response(url),
 * });
 * const response = await client.get('https://api.example.com/maps');
 * console.log(await response.text(), response.url); // → https://api.example.com/maps?key=a-key https://api.example.com/maps
 * ```
 */
export function apiKey(
  name: string,
  value: string,
  options: Scoped & {
    /** Where it stands. Default: `'header'`. */
    in?: 'header' | 'query';
  } = {},
): Credential {
  expectType(name, 'string', 'The name of apiKey(name, value, options)');
  expectType(value, 'string', 'The value of apiKey(name, value, options)');
  checkOptions(options, { ...scopedShape, in: oneOf(['header', 'query']) }, 'apiKey');
  const place = options.in ?? 'header';
  const attachment = place === 'header' ? { headers: { [name]: value } } : { query: { [name]: value } };
  return markUnchanging(fixed('api-key', name, options.for, attachment, place));
}

const unchanging = new WeakSet<Credential>();

/** True for a credential of a client that attaches the same at every hop. */
export const isUnchanging = (credential: Credential): boolean => unchanging.has(credential);

export function markUnchanging(credential: Credential): Credential {
  unchanging.add(credential);
  return credential;
}

/** A credential that never changes. The value lives in a closure, where inspect and JSON do not look. */
export function fixed(
  kind: SecretKind,
  name: string,
  scope: Credential['for'],
  attachment: Attachment,
  place: 'header' | 'query',
): Credential {
  return Object.freeze({ name, kind, in: place, for: scope, attach: () => attachment });
}

export const authorization = (value: string): Attachment => ({ headers: { authorization: value } });
