import { describe, expect, it } from 'vitest';
import { type HonorPolicy, honor, type IncomingFacts } from './honor.ts';

const policy: HonorPolicy = { origins: ['https://app.example.com'], trust: ['https://partner.example'] };
const post: IncomingFacts = { method: 'POST', hasCookie: true };

const decide = (incoming: Partial<IncomingFacts>, override: Partial<HonorPolicy> = {}) =>
  honor({ ...post, ...incoming }, { ...policy, ...override }).reasons[0]?.code ?? 'allowed';

describe('honor, in the order of its steps', () => {
  it.each<[string, Partial<IncomingFacts>, string]>([
    ['a safe method passes', { method: 'GET', secFetchSite: 'cross-site' }, 'allowed'],
    ['HEAD passes', { method: 'HEAD', secFetchSite: 'cross-site' }, 'allowed'],
    ['OPTIONS passes', { method: 'OPTIONS', origin: 'https://evil.test' }, 'allowed'],
    [
      'a GET that upgrades is judged',
      { method: 'GET', upgrade: true, secFetchSite: 'cross-site' },
      'csrf-cross-site',
    ],
    ['an unknown method is judged', { method: 'PURGE', secFetchSite: 'cross-site' }, 'csrf-cross-site'],
    ['a lower-case get is not GET', { method: 'get', secFetchSite: 'cross-site' }, 'csrf-cross-site'],
    [
      '1: a bearer without a cookie passes',
      { hasCookie: false, authScheme: 'Bearer', origin: 'https://evil.test' },
      'allowed',
    ],
    [
      '1: DPoP without a cookie passes',
      { hasCookie: false, authScheme: 'dpop', origin: 'https://evil.test' },
      'allowed',
    ],
    [
      '1: a bearer with a cookie is judged',
      { authScheme: 'Bearer', secFetchSite: 'cross-site' },
      'csrf-cross-site',
    ],
    [
      '1: Basic is ambient and is judged',
      { hasCookie: false, authScheme: 'Basic', secFetchSite: 'cross-site' },
      'csrf-cross-site',
    ],
    [
      '2: same-origin passes, whatever Origin says',
      { secFetchSite: 'same-origin', origin: 'https://evil.test' },
      'allowed',
    ],
    ['2: none passes', { secFetchSite: 'none' }, 'allowed'],
    [
      '3: a trusted origin passes cross-site',
      { secFetchSite: 'cross-site', origin: 'https://partner.example' },
      'allowed',
    ],
    [
      '3: an own origin passes same-site, as www and the apex are',
      { secFetchSite: 'same-site', origin: 'https://app.example.com' },
      'allowed',
    ],
    [
      '3: an own origin passes cross-site',
      { secFetchSite: 'cross-site', origin: 'https://app.example.com', secure: true },
      'allowed',
    ],
    [
      '4: same-site is refused',
      { secFetchSite: 'same-site', origin: 'https://x.example.com' },
      'csrf-cross-site',
    ],
    ['4: cross-site without an origin is refused', { secFetchSite: 'cross-site' }, 'csrf-cross-site'],
    [
      '4: cross-site is refused from an opaque origin',
      { secFetchSite: 'cross-site', origin: 'null', token: true },
      'csrf-cross-site',
    ],
    [
      '4: cross-site is refused even with a token',
      { secFetchSite: 'cross-site', token: true },
      'csrf-cross-site',
    ],
    ['4: a repeated header is refused', { secFetchSite: 'same-origin, same-origin' }, 'csrf-repeated'],
    ['4: an unknown value is refused', { secFetchSite: 'Same-Origin' }, 'csrf-repeated'],
    ['4: an empty value is refused', { secFetchSite: '' }, 'csrf-repeated'],
    ['5: a configured public origin passes', { origin: 'https://app.example.com' }, 'allowed'],
    ['5: another port is another origin', { origin: 'https://app.example.com:8443' }, 'csrf-foreign-origin'],
    ['5: another scheme is another origin', { origin: 'http://app.example.com' }, 'csrf-foreign-origin'],
    ['5: a lookalike is refused', { origin: 'https://app.example.com.evil.test' }, 'csrf-foreign-origin'],
    [
      '5: a foreign origin is refused even with a token',
      { origin: 'https://evil.test', token: true },
      'csrf-foreign-origin',
    ],
    ['5: null is refused', { origin: 'null' }, 'csrf-opaque-origin'],
    ['5: null with a valid token passes', { origin: 'null', token: true }, 'allowed'],
    ['6: a program without either header passes', {}, 'allowed'],
  ])('%s', (_, incoming, expected) => {
    expect(decide(incoming)).toBe(expected);
  });

  it('6: asks bare clients for a token where the policy says so', () => {
    expect(decide({}, { bare: 'token' })).toBe('csrf-token-missing');
    expect(decide({ token: true }, { bare: 'token' })).toBe('allowed');
  });

  it('5: says so when no public origins are configured', () => {
    expect(decide({ origin: 'https://app.example.com' }, { origins: [] })).toBe('csrf-origins-unset');
  });

  it('never trusts null: a list that holds it is a TypeError', () => {
    expect(() => decide({ origin: 'null' }, { origins: ['null'] })).toThrow(TypeError);
    expect(() => decide({ origin: 'null' }, { trust: ['null'] })).toThrow(TypeError);
    expect(decide({ origin: 'null' }, { origins: [() => true] })).toBe('csrf-opaque-origin');
  });

  it('3: patterns, functions and apps are listed like others', () => {
    const origins = [
      'https://*.example.com',
      'capacitor://localhost',
      (origin: string) => origin === 'https://t.test',
    ];
    for (const origin of ['https://a.example.com', 'capacitor://localhost', 'https://t.test']) {
      expect(decide({ secFetchSite: 'cross-site', origin }, { origins }), origin).toBe('allowed');
      expect(decide({ origin }, { origins: [], trust: origins }), origin).toBe('allowed');
    }
    expect(decide({ origin: 'https://example.com' }, { origins })).toBe('csrf-foreign-origin');
  });

  it('3: an origin of plain http never counts for a request over TLS, but for this machine', () => {
    const origins = ['http://app.example.com', 'http://localhost:3000', 'http://*.dev.localhost'];
    const over = (secure: boolean) => (origin: string) => decide({ origin, secure }, { origins });
    expect(
      ['http://app.example.com', 'http://localhost:3000', 'http://a.dev.localhost'].map(over(true)),
    ).toEqual(['csrf-plain-origin', 'allowed', 'allowed']);
    expect(over(false)('http://app.example.com')).toBe('allowed');
  });

  it('1: neither a cookie nor Authorization is no reason to pass', () => {
    expect(decide({ hasCookie: false, secFetchSite: 'cross-site' })).toBe('csrf-cross-site');
  });

  it('judges what only reads, too, where the policy says so', () => {
    const read = { method: 'GET', secFetchSite: 'cross-site' };
    expect(decide(read, { methods: 'all' })).toBe('csrf-cross-site');
    expect(decide(read, { methods: 'unsafe' })).toBe('allowed');
  });

  it('asks no function about an origin that did not come', () => {
    const asked: unknown[] = [];
    const listed = (origin: string) => asked.push(origin) < 0;
    expect(decide({}, { origins: [listed], trust: [listed] })).toBe('allowed');
    expect(asked).toEqual([]);
  });

  const reasonOf = (incoming: Partial<IncomingFacts>, given = policy) =>
    honor({ ...post, ...incoming }, given).reasons[0];

  it('says which origin it was, and that it is to be added', () => {
    const origin = 'https://www.example.com';
    const sameSite = reasonOf({ secFetchSite: 'same-site', origin });
    expect(sameSite?.facts).toEqual({ site: 'same-site', origin });
    expect(sameSite?.sentence).toBe(
      'The request comes from https://www.example.com (Sec-Fetch-Site: same-site), which is not in origins: add it there if its pages are yours.',
    );
    expect(reasonOf({ origin })?.sentence).toContain(`from ${origin}, which is not in origins: add it`);
    expect(reasonOf({ origin }, { origins: [] })?.sentence).toContain(`from ${origin}, and`);
    const plain = 'http://app.example.com';
    expect(reasonOf({ origin: plain, secure: true }, { origins: [plain] })?.facts).toEqual({ origin: plain });
    expect(reasonOf({ secFetchSite: 'cross-site' })?.facts?.origin).toBe('a page that it does not name');
    expect(reasonOf({ secFetchSite: 'cross-site', origin: 'null' })?.facts?.origin).toContain('(null)');
  });

  it('repeats no Origin that browsers would not write, and of a long one the beginning', () => {
    for (const origin of [
      '<script>alert(1)</script>',
      'https://a.test/<b>',
      'https://a.test"',
      'https://a.test\n',
      'x',
    ])
      expect(reasonOf({ origin })?.facts?.origin, origin).toBe('what is no origin');
    const long = String(reasonOf({ origin: `https://${'a'.repeat(5_000)}.test` })?.facts?.origin);
    expect([long.length, long.at(-1)]).toEqual([200, '…']);
    for (const origin of ['capacitor://localhost', 'https://[::1]:8080', 'chrome-extension://abc'])
      expect(reasonOf({ origin })?.facts?.origin).toBe(origin);
  });

  it('misuse names its place', () => {
    const honoring = (incoming: unknown, given: unknown) => () =>
      honor(incoming as IncomingFacts, given as HonorPolicy);
    expect(honoring(undefined, policy)).toThrow('The request of honor(incoming, policy)');
    expect(honoring(post, { ...policy, orgins: [] })).toThrow('honor has no option orgins');
    const foreign = { ...post, origin: 'https://evil.test' };
    expect(honoring(foreign, { origins: ['https://a.test/'] })).toThrow(/origins/);
    expect(honoring(foreign, { origins: [], trust: ['https://a.test/'] })).toThrow(/trust/);
  });
});
