import { describe, expect, it } from 'vitest';
import type { CookieFacts } from './cookie-facts.ts';
import type { HopFacts } from './hop.ts';
import { pathMatches } from './path.ts';
import { type CredentialFacts, release } from './release.ts';
import { anywhere } from './scope.ts';

const cookie: CookieFacts = {
  name: 'sid',
  domain: 'app.example.com',
  hostOnly: true,
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'lax',
  expires: 1_000,
};
const hop: HopFacts = { url: 'https://app.example.com/a/b', method: 'GET', initiator: 'program', time: 0 };
const other: HopFacts['initiator'] = { page: 'https://evil.test/' };

const codes = (secret: CookieFacts | CredentialFacts, at: Partial<HopFacts>) =>
  release(secret, { ...hop, ...at })
    .reasons.map((reason) => reason.code)
    .join(' ') || 'allowed';

describe('release of a cookie', () => {
  it('says whether Lax was written, or stands for what was left out', () => {
    const writtenAs = (sameSite: CookieFacts['sameSite']) =>
      release({ ...cookie, ...{ sameSite } }, { ...hop, initiator: other }).reasons[0]?.facts?.sameSite;
    expect([writtenAs('lax'), writtenAs(undefined)]).toEqual(['Lax', 'Lax by default']);
  });

  it.each<[string, Partial<CookieFacts>, Partial<HopFacts>, string]>([
    ['travels to its host', {}, {}, 'allowed'],
    ['ends at its expiry', {}, { time: 1_000 }, 'cookie-expired'],
    ['lives until just before', {}, { time: 999 }, 'allowed'],
    ['host-only stays off subdomains', {}, { url: 'https://x.app.example.com/' }, 'other-host'],
    ['with Domain reaches subdomains', { hostOnly: false }, { url: 'https://x.app.example.com/' }, 'allowed'],
    [
      'with Domain stays off lookalikes',
      { hostOnly: false },
      { url: 'https://xapp.example.com/' },
      'other-host',
    ],
    ['S56: travels to every port of its host', {}, { url: 'https://app.example.com:8443/' }, 'allowed'],
    ['stays below its path', { path: '/a' }, { url: 'https://app.example.com/ab' }, 'other-path'],
    ['Secure stays off http', {}, { url: 'http://app.example.com/' }, 'needs-https'],
    [
      'S65: Secure stays off http://localhost',
      { domain: 'localhost' },
      { url: 'http://localhost/' },
      'needs-https',
    ],
    [
      'S65: unless the jar allows loopback',
      { domain: 'localhost' },
      { url: 'http://localhost/', secureOnLoopback: true },
      'allowed',
    ],
    ['S96: HttpOnly is hidden from scripts', {}, { script: true }, 'hidden-from-script'],
    ['Lax stays off cross-site subrequests', {}, { initiator: other }, 'same-site-lax'],
    ['S98: Lax travels on a cross-site link', {}, { initiator: other, navigation: true }, 'allowed'],
    [
      'S81: Lax stays off a cross-site POST',
      {},
      { initiator: other, navigation: true, method: 'POST' },
      'same-site-lax',
    ],
    ['no SameSite means Lax', { sameSite: undefined }, { initiator: other }, 'same-site-lax'],
    [
      'S98: Strict stays off a cross-site link',
      { sameSite: 'strict' },
      { initiator: other, navigation: true },
      'same-site-strict',
    ],
    [
      'Strict travels from a sibling host',
      { sameSite: 'strict' },
      { initiator: { page: 'https://www.example.com/' } },
      'allowed',
    ],
    [
      'Strict stays off after a cross-site redirect',
      { sameSite: 'strict' },
      { initiator: { page: 'https://www.example.com/' }, before: ['https://evil.test/'] },
      'same-site-strict',
    ],
    [
      'http and https are different sites',
      {},
      { initiator: { page: 'http://app.example.com/' } },
      'same-site-lax',
    ],
    ['None travels everywhere', { sameSite: 'none' }, { initiator: other, method: 'POST' }, 'allowed'],
    [
      'a program has no page behind it',
      { sameSite: 'strict' },
      { before: ['https://evil.test/'] },
      'allowed',
    ],
    [
      'Partitioned travels below its own top-level site',
      { sameSite: 'none', partition: 'https://evil.test' },
      { initiator: other },
      'allowed',
    ],
    [
      'Partitioned stays off other top-level sites',
      { sameSite: 'none', partition: 'https://example.com' },
      { initiator: other },
      'other-partition',
    ],
    [
      'all reasons are given at once',
      { path: '/x' },
      { time: 1_000, url: 'http://evil.test/' },
      'cookie-expired other-host other-path needs-https',
    ],
  ])('%s', (_, change, at, expected) => {
    expect(codes({ ...cookie, ...change }, at)).toBe(expected);
  });

  it('never repeats the path of the request, which may hold a secret', () => {
    const verdict = release(
      { ...cookie, path: '/x' },
      { ...hop, url: 'https://app.example.com/reset/hp-secret-9' },
    );
    expect(JSON.stringify(verdict)).not.toContain('hp-secret');
  });
});

describe('release of a credential', () => {
  const bearer: CredentialFacts = { name: 'authorization', for: 'https://a.example.com' };
  const a = 'https://a.example.com/';
  const b = 'https://b.example.com/';

  it.each<[string, CredentialFacts, Partial<HopFacts>, string]>([
    ['travels inside its scope', bearer, { url: a }, 'allowed'],
    ['stays off other hosts', bearer, { url: b }, 'scope-other-host'],
    ['S22: comes back on its own host, A→B→A', bearer, { url: a, before: [a, b] }, 'allowed'],
    [
      'S10: of one call does not come back, A→B→A',
      { ...bearer, oneCall: true },
      { url: a, before: [a, b] },
      'left-origin',
    ],
    [
      'of one call stays while the chain stays',
      { ...bearer, oneCall: true },
      { url: a, before: [a, a] },
      'allowed',
    ],
    ['S24: goes everywhere only by name', { name: 'x-api-key', for: anywhere }, { url: b }, 'allowed'],
    [
      'S5: for a proxy never reaches an origin server',
      { name: 'Proxy-Authorization', for: anywhere },
      { url: a },
      'proxy-only',
    ],
    ['without any scope goes nowhere', { name: 'x-api-key', for: [] }, { url: a }, 'scope-other-host'],
  ])('%s', (_, credential, at, expected) => {
    expect(codes(credential, at)).toBe(expected);
  });

  it('says in one sentence what was withheld, from where, and its source', () => {
    expect(release(bearer, { ...hop, url: b }).reasons).toEqual([
      {
        code: 'scope-other-host',
        sentence: 'authorization is for https://a.example.com; this request goes to https://b.example.com.',
        source: 'RFC 9110 §15.4',
        facts: { name: 'authorization', scope: 'https://a.example.com', origin: 'https://b.example.com' },
      },
    ]);
  });

  it('shares one frozen verdict among all that is allowed', () => {
    const verdict = release(bearer, { ...hop, url: a });
    expect(verdict).toBe(release(bearer, { ...hop, url: a }));
    expect(Object.isFrozen(verdict) && Object.isFrozen(verdict.reasons)).toBe(true);
  });
});

it.each([
  ['/', '/', true],
  ['/a', '/', true],
  ['/a', '/a', true],
  ['/a/', '/a', true],
  ['/a/b', '/a/', true],
  ['/ab', '/a', false],
  ['/', '/a', false],
  ['/A', '/a', false],
])('request path %s lies below cookie path %s: %s', (request, path, expected) => {
  expect(pathMatches(request, path)).toBe(expected);
});
