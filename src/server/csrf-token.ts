import { defineCookie } from '../cookie/define.ts';
import type { CookieDefinition } from '../cookie/types.ts';
import { type Awaitable, randomText } from '../crypto/index.ts';
import { isToken } from '../scope/http-syntax.ts';
import type { KeyRing } from '../seal/key-ring.ts';
import type { Exchange } from './exchange.ts';
import type { CsrfPolicy } from './options.ts';
import type { RequestCookies } from './request-cookies.ts';

/**
 * Tokens that prove that a request comes from a page which this server gave to this visitor: `salt.key-id.HMAC`, over the
 * salt and what the visitor is known by. The salt makes every token another one, so compression gives none away (BREACH).
 */
export interface CsrfTokens {
  /** A token for who is signed in under this authority, or for an anonymous visitor, who then gets a nonce in a cookie. */
  issue(authority: string | undefined, cookies: RequestCookies): Promise<string>;
  /** True for a token that was issued to this visitor, as they are known now. */
  isGood(authority: string | undefined, cookies: RequestCookies, token: unknown): Awaitable<boolean>;
  /** The token that came with a request: in its header, or else in a field of its form. */
  sentWith(exchange: Exchange): Awaitable<string | undefined>;
}

const purpose = 'csrf';
const saltBytes = 16;
const longestForm = 64 * 1024;

/** An anonymous visitor's nonce. No other host of the site can plant one under this prefix; links from other sites keep it. */
const nonceCookie: CookieDefinition<string, string | undefined> = defineCookie('__Host-csrf');

const defaultHeader = 'x-csrf-token';

/** The header that carries a token, where a policy has any. */
export function tokenHeaderOf(policy: CsrfPolicy | false | undefined): string | undefined {
  if (policy === false || policy?.keys === undefined) return undefined;
  const { header = defaultHeader } = policy;
  return isToken(header) ? header.toLowerCase() : undefined;
}

/** @throws TypeError for keys that are none, and for a header that cannot be sent */
export function prepareTokens(
  keys: KeyRing,
  { header = defaultHeader, field = 'csrf_token' }: Pick<CsrfPolicy, 'header' | 'field'>,
): CsrfTokens {
  if (!isToken(header)) throw new TypeError(`csrf.header: ${JSON.stringify(header)} is no name of a header.`);
  if (field === '') throw new TypeError("csrf.field: '' names no field of a form.");
  const headerName = header.toLowerCase();
  const textOf = (holder: string, salt: string) => JSON.stringify([holder, salt]);

  return {
    async issue(authority, cookies) {
      if (authority === '') {
        throw new TypeError(
          'A login is in force once its answer is sent: redirect, and ask for the token there.',
        );
      }
      if (authority !== undefined && cookies.get(nonceCookie) !== undefined) cookies.delete(nonceCookie);
      const holder = holderOf(authority, cookies) ?? newVisitor(cookies);
      const salt = randomText(saltBytes);
      return `${salt}.${await keys.prove(purpose, textOf(holder, salt))}`;
    },

    isGood(authority, cookies, token) {
      const holder = holderOf(authority, cookies);
      if (authority === '' || holder === undefined || typeof token !== 'string') return false;
      const [salt = ''] = token.split('.', 1);
      return keys.isProof(purpose, textOf(holder, salt), token.slice(salt.length + 1));
    },

    sentWith: (exchange) => exchange.header(headerName) ?? exchange.formField?.(field, longestForm),
  };
}

/**
 * What a token is bound to; `undefined` for an anonymous visitor without a nonce.
 * @param authority `''` between a login and the end of its request, when nothing has that authority yet
 */
function holderOf(authority: string | undefined, cookies: RequestCookies): string | undefined {
  if (authority !== undefined) return `authority ${authority}`;
  const nonce = cookies.get(nonceCookie);
  return nonce === undefined ? undefined : `visitor ${nonce}`;
}

function newVisitor(cookies: RequestCookies): string {
  const nonce = randomText(saltBytes);
  cookies.set(nonceCookie, nonce);
  return `visitor ${nonce}`;
}
