import type { ErrorCode } from '../../errors.ts';
import { decodeUtf8, octetsOfHeader } from '../../scope/octets.ts';
import { isWeb } from '../../scope/origin.ts';
import { methodRewrite } from '../../scope/redirect-method.ts';
import { type CompiledScope, covers } from '../../scope/scope.ts';
import { type Reason, reason } from '../../scope/verdict.ts';

/** What a redirect needs to know of the request that it answers. */
interface Redirected {
  readonly url: URL;
  readonly method: string;
  readonly body: 'none' | 'replayable' | 'one-shot';
  /** Where the body may go. */
  bodyScope(): CompiledScope;
}

/** Where an answer leads: nowhere, onward, or to an error before anything is sent. */
type Onward =
  | { readonly to: 'answer'; readonly reason?: Reason }
  | {
      readonly to: 'next';
      readonly url: URL;
      readonly method: string;
      readonly keepsBody: boolean;
      readonly rewrites: readonly Reason[];
    }
  | { readonly to: 'stop'; readonly code: ErrorCode; readonly sentence: string };

const redirects = new Set([301, 302, 303, 307, 308]);

/** True for the statuses that can redirect; 300, 304, 305 and 306 are answers. */
export function isRedirect(status: number): boolean {
  return redirects.has(status);
}

/** Decides where a redirect leads. `status`: one that can redirect. `each`: the Locations one by one, where the transport can tell. Pure. RFC 9110 §15.4, Fetch §4.4 "HTTP-redirect fetch". */
export function onward(
  from: Redirected,
  status: number,
  location: string | null,
  each: readonly string[] = [],
): Onward {
  if (location === null || location === '') return { to: 'answer' };
  const isOne = each.length <= 1 || new Set(each).size === 1;
  const target = isOne ? readLocation(each[0] ?? location, from.url) : severalLocations;
  if (typeof target === 'string') return { to: 'stop', code: 'bad-location', sentence: target };

  const rewrites: Reason[] = [];
  if (target.username !== '' || target.password !== '') {
    target.username = '';
    target.password = '';
    rewrites.push(reason('location-user-dropped'));
  }
  const rewrite = methodRewrite(from.method, status);
  if (rewrite !== undefined) rewrites.push(rewrite);

  const keepsBody = from.body !== 'none' && rewrite === undefined;
  if (keepsBody && !covers(from.bodyScope(), target))
    return { to: 'answer', reason: reason('body-crosses-origin', { status, origin: target.origin }) };
  if (keepsBody && from.body === 'one-shot') {
    const sentence = `A ${status} asks to send the body again, and a stream can be read only once: give a string, bytes, a Blob or a form.`;
    return { to: 'stop', code: 'one-shot-body', sentence };
  }
  return { to: 'next', url: target, method: rewrite ? 'GET' : from.method, keepsBody, rewrites };
}

const severalLocations = 'The answer names several different Locations.';

/** The URL that would be connected to, or the sentence why there is none. */
function readLocation(header: string, base: URL): URL | string {
  const location = oneLocation(locationText(header));
  if (location === undefined) return severalLocations;
  if (/[\x00-\x1f\x7f]/.test(location)) return 'The Location holds a control character.';
  const url = URL.parse(location, base.href);
  if (url === null) return 'The Location is not a URL.';
  if (!isWeb(url)) return `The Location leads to ${url.protocol}, and only http and https are followed.`;
  if (base.hash !== '' && url.hash === '' && !location.includes('#')) url.hash = base.hash;
  return url;
}

/** Repeated headers arrive joined by commas; several can be told from one with a comma in it where each begins like an absolute URL or path. */
function oneLocation(header: string): string | undefined {
  if (!header.includes(', ')) return header;
  const parts = header.split(', ');
  if (!parts.every((part) => /^(?:https?:\/)?\//i.test(part))) return header;
  return new Set(parts).size === 1 ? parts[0] : undefined;
}

/** A Location as text: octets that are UTF-8 are read as that, and all others stay the octets they are, escaped. */
export function locationText(header: string): string {
  const octets = octetsOfHeader(header);
  return (
    decodeUtf8(octets) ??
    octets.replace(/[\x80-\xff]/g, (octet) => `%${octet.charCodeAt(0).toString(16).toUpperCase()}`)
  );
}
