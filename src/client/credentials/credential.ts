import { expectType } from '../../errors.ts';
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
  headers?: Record<string, string>;
  /** Query parameters: added to the URL on the wire only, so no trace, error or `response.url` shows them. */
  query?: Record<string, string>;
}

/** The request that a credential is attached to: frozen, and without the other secrets. */
export interface RequestView {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
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
}

/**
 * Any credential: `attach` is called at every hop in scope and returns headers or query parameters.
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
export function credential(
  spec: Pick<Credential, 'name' | 'for' | 'attach' | 'challenge'> & { for: Scope | Scope[] },
): Credential {
  expectType(spec?.attach, 'function', 'attach of credential({ name, for, attach })');
  return Object.freeze({ ...spec, kind: 'credential' as const });
}

/** What every ready-made credential may say. */
export interface Scoped {
  /** Where it may travel. Default: to the origin of the client's `baseUrl`. */
  for?: Scope | Scope[];
}

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
  expectType(options, 'object', 'The options of basic(user, password, options)');
  const value = basicValue(user, password);
  return last(fixed('basic', 'authorization', options.for, authorization(value), 'header'));
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
  expectType(options, 'object', 'The options of apiKey(name, value, options)');
  const place = options.in ?? 'header';
  const attachment = place === 'header' ? { headers: { [name]: value } } : { query: { [name]: value } };
  return last(fixed('api-key', name, options.for, attachment, place));
}

const lasting = new WeakSet<Credential>();

/** True for a credential of a client that attaches the same at every hop. */
export const isLasting = (credential: Credential): boolean => lasting.has(credential);

export function last(credential: Credential): Credential {
  lasting.add(credential);
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
