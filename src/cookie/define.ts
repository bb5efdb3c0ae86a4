import type { StandardSchemaV1 } from '@standard-schema/spec';
import { checkOptions, quoted } from '../errors/misuse.ts';
import { checkName, lowerSameSite } from './attributes.ts';
import { CodedDefinition, checkDefinition, formerCookie, SyncDefinition } from './definition.ts';
import { cookieShape } from './options.ts';
import type {
  AsyncCookieDefinition,
  Codec,
  CookieAttributes,
  CookieDefinition,
  CookieFormat,
  CookieInput,
  CookieOptions,
  CookieOutput,
  FormerCookie,
  PrefixRules,
} from './types.ts';

/** Synchronous, or asynchronous with a codec. */
export type Defined<In, Out, Coded> = Coded extends Codec
  ? AsyncCookieDefinition<In, Out>
  : CookieDefinition<In, Out>;

/**
 * Defines a cookie once: its name, attributes, and what its value is. Reading, updating and deleting are then right by
 * construction. Default: `Path=/`, host-only, Secure, HttpOnly, SameSite=Lax, until the browser closes; `null` leaves an
 * attribute out.
 *
 * @throws TypeError for every combination that user agents drop (`SameSite=None` without Secure, `__Host-` with a domain,
 * over 400 days…), and for a sensitive cookie that scripts or plain http could see. The sentence says the fix.
 *
 * @example
 * ```ts
 * import { defineCookie } from 'hallpass';
 *
 * const theme = defineCookie('theme', { default: 'light', maxAge: '365d', httpOnly: false });
 *
 * console.log(theme.read('a=1; theme=dark')); // → dark
 * console.log(theme.serialize('dark')); // → theme=dark; Path=/; Secure; SameSite=Lax; Max-Age=31536000
 * const response = theme.delete(new Response('gone'));
 * console.log(response.headers.getSetCookie().length); // → 1
 * ```
 */
export function defineCookie<
  const Name extends string,
  Schema extends StandardSchemaV1 | undefined = undefined,
  const Format extends CookieFormat = 'text',
  Coded extends Codec | undefined = undefined,
>(
  name: Name,
  options: CookieOptions<Schema, Format, Coded> & {
    default: CookieOutput<Schema, Format>;
  } & PrefixRules<Name>,
): Defined<CookieInput<Schema, Format>, CookieOutput<Schema, Format>, Coded>;
export function defineCookie<
  const Name extends string,
  Schema extends StandardSchemaV1 | undefined = undefined,
  const Format extends CookieFormat = 'text',
  Coded extends Codec | undefined = undefined,
>(
  name: Name,
  options?: CookieOptions<Schema, Format, Coded> & PrefixRules<Name>,
): Defined<CookieInput<Schema, Format>, CookieOutput<Schema, Format> | undefined, Coded>;
export function defineCookie(name: string, options: CookieOptions = {}): unknown {
  checkName(name);
  checkOptions(options, cookieShape, name);
  checkFormat(name, options);
  const attributes = withDefaults(options);
  checkDefinition(name, attributes, options.clock);
  if (options.sensitive === true) checkSensitive(name, attributes);
  for (const variant of options.former ?? []) checkFormer(name, attributes, variant);
  return options.codec === undefined
    ? new SyncDefinition(name, attributes, options)
    : new CodedDefinition(name, attributes, options, options.codec);
}

function checkFormat(name: string, options: CookieOptions): void {
  if (options.format !== undefined && options.format !== 'text' && options.format !== 'json') {
    throw new TypeError(`The format of ${name} is ${quoted(options.format)}: write 'text' or 'json'.`);
  }
}

function withDefaults(options: CookieOptions): CookieAttributes {
  const { path, domain, maxAge, expires, secure, httpOnly, sameSite, partitioned } = options;
  return {
    path: path === undefined ? '/' : path,
    ...(domain != null && { domain }),
    ...(maxAge != null && { maxAge }),
    ...(expires != null && { expires }),
    secure: secure === undefined || Boolean(secure),
    httpOnly: httpOnly === undefined || Boolean(httpOnly),
    ...(sameSite !== null && { sameSite: lowerSameSite(sameSite ?? 'lax') }),
    ...(partitioned != null && { partitioned }),
  };
}

function checkSensitive(name: string, { secure, httpOnly }: CookieAttributes): void {
  if (!httpOnly)
    throw new TypeError(
      `${name} is sensitive, and without HttpOnly every script reads it: remove httpOnly: false.`,
    );
  if (!secure)
    throw new TypeError(
      `${name} is sensitive, and without Secure it travels over plain http: remove secure: false.`,
    );
}

function checkFormer(name: string, own: CookieAttributes, variant: FormerCookie): void {
  const { name: formerName, ...was } = formerCookie(name, own, variant);
  const isSame = (['path', 'domain'] as const).every((key) => was[key] === own[key]);
  if (isSame && formerName === name && Boolean(was.partitioned) === Boolean(own.partitioned)) {
    throw new TypeError(
      `A former variant of ${name} is the same as the present one: name the path or domain that it had (domain: null for host-only), or its name or partition.`,
    );
  }
  checkName(formerName);
  checkDefinition(formerName, was);
}
