import { bearer, type ClientOptions } from 'hallpass/client';
import type { Lab } from './env.ts';

type Origins = Lab['origins'];

/** A call whose redirects are worth watching. */
export interface Scenario {
  id: string;
  title: string;
  /** What the reader should look out for. */
  watch: string;
  /** The call: where it goes, and what is special about it. */
  call(origins: Origins): { url: string; init?: RequestInit; options?: ClientOptions };
}

// Nobody outside the lab takes these, and no page shows them.
const token = 'hp-secret-demo-token';
const key = 'hp-secret-demo-key';

function redirect(from: string, to: string, status = 302): string {
  return `${from}/redirect-to?${new URLSearchParams({ url: to, status_code: String(status) })}`;
}

function setCookies(from: string, cookies: Record<string, string>, to: string): string {
  return `${from}/set-cookie?${new URLSearchParams({ ...cookies, url: to })}`;
}

const tokenFor = (origin: string): ClientOptions => ({ credentials: bearer(token, { for: origin }) });

export const scenarios: readonly Scenario[] = [
  {
    id: 'same-host',
    title: 'Same host',
    watch: 'The redirect stays at home, so the token for A goes along.',
    call: ({ a }) => ({ url: redirect(a, `${a}/headers`), options: tokenFor(a) }),
  },
  {
    id: 'other-host',
    title: 'Another host',
    watch: 'A sends the client to B. The token is for A, and B never sees it.',
    call: ({ a, b }) => ({ url: redirect(a, `${b}/headers`), options: tokenFor(a) }),
  },
  {
    id: 'other-port',
    title: 'Another port',
    watch:
      'Cookies know no ports, so this one travels. A credential has an origin, and a port is part of that.',
    call: ({ a, a2 }) => ({
      url: setCookies(a, { seen: 'yes' }, `${a2}/headers`),
      options: tokenFor(a),
    }),
  },
  {
    id: 'downgrade',
    title: 'https to http',
    watch:
      'The same host, without encryption: neither the token nor the Secure cookie goes out in the clear.',
    call: ({ tls, a }) => ({
      url: setCookies(tls, { basket: 'full; Secure', theme: 'dark' }, `${a}/headers`),
      options: tokenFor(tls),
    }),
  },
  {
    id: 'there-and-back',
    title: 'There and back',
    watch: 'A, B, A. Every hop is asked anew: the token stays away from B and is there again on A.',
    call: ({ a, b }) => ({ url: redirect(a, redirect(b, `${a}/need`)), options: tokenFor(a) }),
  },
  {
    id: 'cookies',
    title: 'Cookies on the way',
    watch: 'A sets three cookies. One is kept, two are refused; the kept one skips B and is back on A.',
    call: ({ a, b }) => ({
      url: setCookies(
        a,
        { seen: 'yes', stray: 'yes; Domain=example.com', '__Host-seen': 'yes; Path=/; Secure' },
        redirect(b, `${a}/cookies`),
      ),
    }),
  },
  {
    id: 'api-key',
    title: 'An API key',
    watch:
      'There and back with X-Api-Key, given for this one call. The built-in fetch of Node would hand it to B.',
    call: ({ a, b }) => ({
      url: redirect(a, redirect(b, `${a}/headers`)),
      init: { headers: { 'x-api-key': key } },
    }),
  },
  {
    id: 'see-other',
    title: 'POST, then 303',
    watch:
      'See Other: the form has done its work, and the client fetches the result with GET and without the body.',
    call: ({ a }) => ({
      url: redirect(a, `${a}/echo`, 303),
      init: { method: 'POST', body: new URLSearchParams({ order: '42' }) },
      options: tokenFor(a),
    }),
  },
  {
    id: 'body',
    title: 'POST, then 307 elsewhere',
    watch:
      'A 307 repeats the request with its body. To another origin that takes a permission, so the chain stops.',
    call: ({ a, b }) => ({
      url: redirect(a, `${b}/echo`, 307),
      init: { method: 'POST', body: new URLSearchParams({ order: '42' }) },
      options: tokenFor(a),
    }),
  },
  {
    id: 'too-many',
    title: 'Too many redirects',
    watch: 'At most three redirects are allowed here, which makes four requests. The fifth is never sent.',
    call: ({ a }) => ({ url: `${a}/chain?n=9`, options: { ...tokenFor(a), redirect: { maxRedirects: 3 } } }),
  },
  {
    id: 'loop',
    title: 'A loop',
    watch:
      'The same request again might get another answer, so it is sent until the limit, three redirects here. Then the error says what repeats.',
    call: ({ a }) => ({ url: `${a}/loop`, options: { ...tokenFor(a), redirect: { maxRedirects: 3 } } }),
  },
];

/** The letters that the picture gives to the hosts of the lab. */
export function hostNames(origins: Origins): ReadonlyMap<string, string> {
  return new Map([
    [origins.a, 'A'],
    [origins.a2, 'A, other port'],
    [origins.b, 'B'],
    [origins.tls, 'A over TLS'],
  ]);
}
