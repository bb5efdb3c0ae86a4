import { describe, expect, it } from 'vitest';
import { admit } from './admit.ts';
import type { CookieFacts, SetCookie } from './cookie-facts.ts';
import type { EngineName, EngineRules } from './engines.ts';
import type { HopFacts } from './hop.ts';
import { defaultPath } from './path.ts';

const cookie: SetCookie = { name: 'sid', value: 'v', path: '/', secure: true, sameSite: 'lax' };
const hop: HopFacts = { url: 'https://app.example.com/a/b', method: 'GET', initiator: 'program', time: 0 };
const stored: CookieFacts = {
  name: 'sid',
  domain: 'example.com',
  hostOnly: false,
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'lax',
  expires: Number.POSITIVE_INFINITY,
};
const crossSite: HopFacts['initiator'] = { page: 'https://evil.test/' };
const plain = { url: 'http://app.example.com/a/b' };

const codes = (change: Partial<SetCookie>, at: Partial<HopFacts> = {}, existing: CookieFacts[] = []) =>
  admit({ ...cookie, ...change }, { ...hop, ...at }, existing)
    .reasons.map((reason) => reason.code)
    .join(' ') || 'allowed';

describe('admit', () => {
  it.each<[string, Partial<SetCookie>, Partial<HopFacts>, string]>([
    ['an ordinary cookie', {}, {}, 'allowed'],
    ['a control character in the value', { value: 'a\x01b' }, {}, 'cookie-control-character'],
    ['a tab in the value', { value: 'a\tb' }, {}, 'allowed'],
    ['neither name nor value', { name: '', value: '' }, {}, 'cookie-empty'],
    ['a nameless cookie', { name: '' }, {}, 'allowed'],
    ['4096 octets', { value: 'x'.repeat(4093) }, {}, 'allowed'],
    ['4097 octets', { value: 'x'.repeat(4094) }, {}, 'cookie-too-large'],
    ['4097 octets of UTF-8', { value: 'é'.repeat(2047) }, {}, 'cookie-too-large'],
    ['4097 octets where an engine takes them', { value: 'x'.repeat(4094) }, { engine: 'webkit' }, 'allowed'],
    ['a parent domain', { domain: 'example.com' }, {}, 'allowed'],
    ['a parent domain with a dot before', { domain: '.Example.COM' }, {}, 'allowed'],
    ['its own host as domain', { domain: 'app.example.com' }, {}, 'allowed'],
    ['an empty domain', { domain: '' }, {}, 'allowed'],
    ['S64: a foreign domain', { domain: 'evil.test' }, {}, 'domain-foreign'],
    ['S64: a child domain', { domain: 'x.app.example.com' }, {}, 'domain-foreign'],
    ['a lookalike domain', { domain: 'pp.example.com' }, {}, 'domain-foreign'],
    ['a public suffix as domain', { domain: 'com' }, {}, 'domain-public-suffix'],
    [
      'a host that is itself a public suffix',
      { domain: 'localhost' },
      { url: 'https://localhost/' },
      'allowed',
    ],
    ['a domain beyond ASCII', { domain: 'bücher.example' }, {}, 'domain-not-ascii'],
    ['an IP address as its own domain', { domain: '127.0.0.1' }, { url: 'https://127.0.0.1/' }, 'allowed'],
    ['the tail of an IP address', { domain: '0.0.1' }, { url: 'https://127.0.0.1/' }, 'domain-foreign'],
    ['Secure over plain http', {}, plain, 'secure-from-insecure'],
    [
      'Secure on loopback where the jar allows it',
      {},
      { url: 'http://localhost/', secureOnLoopback: true },
      'allowed',
    ],
    ['HttpOnly from a script', { httpOnly: true }, { script: true }, 'http-only-from-script'],
    ['S67: SameSite=None without Secure', { sameSite: 'none', secure: false }, {}, 'none-without-secure'],
    ['Partitioned without Secure', { partitioned: true, secure: false }, {}, 'partitioned-without-secure'],
    ['Lax from a cross-site subrequest', {}, { initiator: crossSite }, 'same-site-from-cross-site'],
    ['Lax from a cross-site navigation', {}, { initiator: crossSite, navigation: true }, 'allowed'],
    ['None from a cross-site subrequest', { sameSite: 'none' }, { initiator: crossSite }, 'allowed'],
    ['__Secure- without Secure', { name: '__Secure-a', secure: false }, {}, 'prefix-secure'],
    ['__SECURE- in capitals', { name: '__SECURE-a', secure: false }, {}, 'prefix-secure'],
    ['__Host- as it should be', { name: '__Host-a' }, {}, 'allowed'],
    ['__Host- with a Domain', { name: '__Host-a', domain: 'app.example.com' }, {}, 'prefix-host'],
    [
      '__Host- without a Path',
      { name: '__Host-a', path: undefined },
      { url: 'https://app.example.com/' },
      'prefix-host',
    ],
    ['__host- below a path', { name: '__host-a', path: '/a' }, {}, 'prefix-host'],
    ['__Http- without HttpOnly', { name: '__Http-a' }, {}, 'prefix-http'],
    ['__Http- as it should be', { name: '__Http-a', httpOnly: true, domain: 'example.com' }, {}, 'allowed'],
    ['__Host-Http- without HttpOnly', { name: '__Host-Http-a' }, {}, 'prefix-host-http'],
    ['__Host-Http- as it should be', { name: '__Host-Http-a', httpOnly: true }, {}, 'allowed'],
    ['a value that looks like a prefixed name', { name: '', value: '__host-a=b' }, {}, 'nameless-prefix'],
  ])('%s', (_, change, at, expected) => {
    expect(codes(change, at)).toBe(expected);
  });

  it('does not let plain http shadow a Secure cookie, on either side of it', () => {
    const from = (path: string, domain?: string) => codes({ secure: false, path, domain }, plain, [stored]);
    expect(from('/')).toBe('overlays-secure');
    expect(from('/deeper')).toBe('overlays-secure');
    expect(from('/', 'example.com')).toBe('overlays-secure');
    expect(codes({ secure: false, path: '/' }, plain, [{ ...stored, path: '/deep' }])).toBe('allowed');
    expect(codes({ secure: false }, plain, [{ ...stored, name: 'other' }])).toBe('allowed');
    expect(codes({ secure: false }, {}, [stored])).toBe('allowed');
  });

  it.each<[string, Partial<CookieFacts>, EngineName | undefined, string]>([
    ['of a host beside it', { domain: 'other.example.com', hostOnly: true }, undefined, 'allowed'],
    ['of the parent alone', { hostOnly: true }, undefined, 'overlays-secure'],
    ['of the parent alone, as Firefox has it', { hostOnly: true }, 'firefox', 'allowed'],
    ['of the parent and below, as Firefox has it', {}, 'firefox', 'overlays-secure'],
    [
      'of the host, as Firefox has it',
      { domain: 'app.example.com', hostOnly: true },
      'firefox',
      'overlays-secure',
    ],
    ['of the parent and below, as WebKit has it', {}, 'webkit', 'allowed'],
    [
      'of the host, as WebKit has it',
      { domain: 'app.example.com', hostOnly: true },
      'webkit',
      'overlays-secure',
    ],
    ['of the host and below, as WebKit has it', { domain: 'app.example.com' }, 'webkit', 'allowed'],
  ])('guards a Secure cookie %s against plain http', (_, old, engine, expected) => {
    expect(codes({ secure: false }, { ...plain, engine }, [{ ...stored, ...old }])).toBe(expected);
  });

  it('takes a line that begins with = as the engine does', () => {
    const nameless = (value: string, engine?: EngineName) => codes({ name: '', value }, { engine });
    expect([nameless('a'), nameless('a', 'chromium'), nameless('a', 'firefox')]).toEqual([
      ...['allowed', 'allowed', 'cookie-name-empty'],
    ]);
    expect([nameless('a=b'), nameless('a=b', 'chromium'), nameless('a=b', 'firefox')]).toEqual([
      ...['allowed', 'cookie-name-empty', 'cookie-name-empty'],
    ]);
  });

  it.each(['opera', 'toString'])('knows no engine %s', (engine) => {
    expect(() => admit(cookie, { ...hop, engine: engine as EngineName })).toThrow(/Not an engine: write/);
  });

  it('takes rules of its own in place of an engine, each as some engine has it or absent', () => {
    const by = (rules: EngineRules) => codes({ sameSite: 'none', secure: false }, { engine: rules as never });
    expect([by({}), by({ noneWithoutSecure: true }), by({ noneWithoutSecure: undefined } as object)]).toEqual(
      [...['none-without-secure', 'allowed', 'none-without-secure']],
    );
    expect(() => by({ noneWithoutSecure: 'yes' } as never)).toThrow(TypeError);
    expect(() => by({ noneWithoutSecurity: true } as never)).toThrow(TypeError);
  });

  it('does not let a script replace an HttpOnly cookie', () => {
    const same: CookieFacts = { ...stored, domain: 'app.example.com', hostOnly: true };
    expect(codes({}, { script: true }, [same])).toBe('http-only-from-script');
    expect(codes({ path: '/other' }, { script: true }, [same])).toBe('allowed');
    expect(codes({}, { script: true }, [{ ...same, httpOnly: false }])).toBe('allowed');
    expect(codes({}, { script: true }, [{ ...same, hostOnly: false }])).toBe('allowed');
    expect(codes({ domain: 'example.com' }, { script: true }, [stored])).toBe('http-only-from-script');
    expect(codes({ domain: 'app.example.com' }, { script: true }, [stored])).toBe('allowed');
  });

  it('takes a cookie of another partition for another cookie', () => {
    const own: CookieFacts = { ...stored, domain: 'app.example.com', hostOnly: true };
    const apart = { ...own, partition: 'https://top.test' };
    const under = { initiator: { page: 'https://top.test/' }, script: true } as const;
    expect(codes({ secure: false }, plain, [apart])).toBe('allowed');
    expect(codes({}, { script: true }, [apart])).toBe('allowed');
    expect(codes({ partitioned: true, sameSite: 'none' }, under, [own])).toBe('allowed');
    expect(codes({ partitioned: true, sameSite: 'none' }, under, [apart])).toBe('http-only-from-script');
  });

  it('refuses facts that it does not know: a misspelt Secure would be none', () => {
    expect(() => admit({ ...cookie, httponly: true } as SetCookie, hop)).toThrow(/httponly/);
    expect(() => admit(cookie, hop, [{ ...stored, hostonly: true } as CookieFacts])).toThrow(/hostonly/);
    expect(() => admit(cookie, hop, {} as never)).toThrow(/a list: pass jar\.all\(\)/);
  });

  it('says of a cookie without SameSite that it is Lax by default', () => {
    const reasonOf = (sameSite?: 'lax') =>
      admit({ ...cookie, sameSite }, { ...hop, initiator: crossSite }).reasons[0];
    expect([reasonOf()?.facts?.sameSite, reasonOf('lax')?.facts?.sameSite]).toEqual([
      'Lax by default',
      'lax',
    ]);
  });

  it('warns of more than 400 days and still admits', () => {
    const days = (n: number) => admit({ ...cookie, maxAge: n * 86_400 }, hop);
    expect(days(400).warnings).toEqual([]);
    expect(days(401)).toMatchObject({ allowed: true, warnings: [{ code: 'lifetime-capped' }] });
    const expires = new Date(401 * 86_400_000);
    expect(admit({ ...cookie, expires }, hop).warnings).toMatchObject([{ code: 'lifetime-capped' }]);
  });

  it('asks no partition where an engine has none, so that HttpOnly is guarded against a Partitioned one', () => {
    const change = { domain: 'example.com', partitioned: true };
    expect(codes(change, { script: true }, [stored])).toBe('allowed');
    expect(codes(change, { script: true, engine: 'webkit' }, [stored])).toBe('http-only-from-script');
  });
});

it.each([
  ['/', '/'],
  ['/a', '/'],
  ['/a/', '/a'],
  ['/a/b', '/a'],
])('the default path of %s is %s', (path, expected) => {
  expect(defaultPath(path)).toBe(expected);
});
