import {
  admit,
  cookieHeaderWarnings,
  defineCookie,
  type HopFacts,
  honor,
  type ReasonCode,
  release,
} from 'hallpass';
import { CookieJar } from 'hallpass/jar';
import * as z from 'zod';
import type { Calls } from './calls.ts';

const https = 'https://app.example.com/';
const http = 'http://app.example.com/';
const page: HopFacts = { url: https, method: 'GET', initiator: { page: 'https://evil.test/' }, time: 0 };
const program: HopFacts = { ...page, initiator: 'program' };

const set = (line: string, url = https, hop?: HopFacts) => new CookieJar().set(line, url, hop);

/** What a jar says of its one cookie and another request. */
function withheld(line: string, url: string, hop: Partial<HopFacts> = {}) {
  let now = 0;
  const jar = new CookieJar({ clock: { now: () => now } });
  jar.set(line, https);
  now = 2_000;
  return jar.select(url, { ...program, time: now, ...hop }).map(({ verdict }) => verdict);
}

/** A second line where the first is in the jar. */
function second(first: string, line: string, url: string, hop?: HopFacts) {
  const jar = new CookieJar();
  jar.set(first, https);
  return jar.set(line, url, hop);
}

const token = { name: 'authorization', for: 'https://api.example.com' };
const ofV1 = { name: 'x-api-key', for: { origin: 'https://api.example.com', path: '/v1' } };
const to = (url: string, more: Partial<HopFacts> = {}) => ({ ...program, url, ...more });
const post = { method: 'POST', hasCookie: true };
const theme = defineCookie('theme', { schema: z.enum(['light', 'dark']) });

/** Reasons of the three questions and of definitions. */
export const cookieCalls = {
  'cookie-control-character': () => set('a=\x00'),
  'cookie-empty': () => set('='),
  'cookie-name-empty': () => new CookieJar({ engine: 'chromium' }).set('=a=b', https),
  'third-party-cookie': () => set('a=1', https, { ...page, engine: 'webkit' }),
  'cookie-too-large': () => set(`a=${'x'.repeat(4_096)}`),
  'domain-not-ascii': () => set('a=1; Domain=bücher.example'),
  'domain-public-suffix': () => set('a=1; Domain=co.uk', 'https://shop.co.uk/'),
  'domain-foreign': () => set('a=1; Domain=evil.test'),
  'secure-from-insecure': () => set('a=1; Secure', http),
  'overlays-secure': () => second('a=1; Secure', 'a=2', http),
  'http-only-from-script': () => second('a=1; HttpOnly', 'a=2', https, { ...program, script: true }),
  'same-site-from-cross-site': () => set('a=1; SameSite=Lax', https, page),
  'none-without-secure': () => set('a=1; SameSite=None'),
  'partitioned-without-secure': () => set('a=1; Partitioned'),
  'prefix-secure': () => set('__Secure-a=1'),
  'prefix-host': () => set('__Host-a=1; Secure'),
  'prefix-http': () => set('__Http-a=1; Secure'),
  'prefix-host-http': () => set('__Host-Http-a=1; Secure; Path=/'),
  'nameless-prefix': () => set('__Host-a'),
  'saved-cookie-impossible': () => {
    const flags = { hostOnly: true, secure: false, httpOnly: false };
    return new CookieJar().add([{ name: 'a;b', value: '1', domain: 'example.com', path: '/', ...flags }])[0];
  },
  'lifetime-capped': () => admit({ name: 'a', value: '1', maxAge: 40_000_000 }, program),

  'cookie-missing': () => theme.explain(''),
  'cookie-invalid': () => theme.explain('theme=pink'),
  'duplicate-cookie': () => theme.explain('theme=dark; theme=light'),
  'comma-joined-cookie': () => cookieHeaderWarnings('a=1, theme=dark'),

  'cookie-expired': () => withheld('a=1; Max-Age=1', https),
  'other-host': () => withheld('a=1', 'https://www.example.com/'),
  'other-path': () => withheld('a=1; Path=/app', https),
  'needs-https': () => withheld('a=1; Secure', http),
  'hidden-from-script': () => withheld('a=1; HttpOnly', https, { script: true }),
  'same-site-strict': () => withheld('a=1; SameSite=Strict', https, { ...page, navigation: true }),
  'same-site-lax': () => withheld('a=1', https, page),
  'other-partition': () => withheld('a=1; Secure; SameSite=None; Partitioned', https, page),

  'scope-other-host': () => release(token, to('https://evil.test/')),
  'scope-other-port': () => release(token, to('https://api.example.com:8443/')),
  'scope-other-path': () => release(ofV1, to('https://api.example.com/v10')),
  'scope-ambiguous-path': () => release(ofV1, to('https://api.example.com/v1/..%2fadmin')),
  'scope-other-method': () =>
    release({ ...token, for: { ...ofV1.for, methods: ['POST'] } }, to('https://api.example.com/v1')),
  'scope-downgrade': () => release(token, to('http://api.example.com/')),
  'scope-other-scheme': () =>
    release({ ...token, for: 'http://api.example.com:8080' }, to('https://api.example.com/')),
  'left-origin': () =>
    release({ ...token, oneCall: true }, to('https://api.example.com/', { before: ['https://evil.test/'] })),
  'proxy-only': () => release({ ...token, name: 'proxy-authorization' }, to('https://api.example.com/')),

  'csrf-cross-site': () => honor({ ...post, secFetchSite: 'cross-site' }, { origins: [] }),
  'csrf-repeated': () => honor({ ...post, secFetchSite: 'none, none' }, { origins: [] }),
  'csrf-foreign-origin': () =>
    honor({ ...post, origin: 'https://evil.test' }, { origins: ['https://app.example.com'] }),
  'csrf-origins-unset': () => honor({ ...post, origin: 'https://app.example.com' }, { origins: [] }),
  'csrf-plain-origin': () =>
    honor(
      { ...post, secure: true, origin: 'http://app.example.com' },
      { origins: ['http://app.example.com'] },
    ),
  'csrf-opaque-origin': () => honor({ ...post, origin: 'null' }, { origins: [] }),
  'csrf-token-missing': () => honor(post, { origins: [], bare: 'token' }),
} satisfies Calls<ReasonCode>;
