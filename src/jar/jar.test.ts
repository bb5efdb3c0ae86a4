import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HopFacts } from '../scope/hop.ts';
import { CookieJar, type CookieJarOptions } from './jar.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const home = 'https://www.example.com/';

function makeJar(options: CookieJarOptions = {}) {
  let now = Date.parse('2026-11-21T00:00:00Z');
  const jar = new CookieJar({ clock: { now: () => now }, ...options });
  return { jar, pass: (seconds: number) => (now += seconds * 1_000), now: () => now };
}

describe('CookieJar', () => {
  it('S56: sends by host, path, Secure and expiry; the port does not matter', () => {
    const { jar, pass } = makeJar();
    jar.set('a=1; Path=/app; Secure; Max-Age=60', 'https://example.com/app');
    expect(jar.header('https://example.com:8443/app/x')).toBe('a=1');
    expect(jar.header('https://other.example.com/app')).toBe('');
    expect(jar.header('https://example.com/')).toBe('');
    expect(jar.header('http://example.com/app')).toBe('');
    pass(60);
    expect(jar.header('https://example.com/app')).toBe('');
    expect(jar.size).toBe(0);
  });

  it('S61: a Max-Age of 0 and of -1 delete', () => {
    const { jar } = makeJar();
    for (const age of [0, -1]) {
      jar.set('a=1', home);
      expect(jar.set(`a=; Max-Age=${age}`, home).allowed).toBe(true);
      expect(jar.size).toBe(0);
    }
  });

  it('S65: a Secure cookie on http://localhost only where the jar says so', () => {
    const url = 'http://localhost:3000/';
    expect(makeJar().jar.set('a=1; Secure', url).reasons[0]?.code).toBe('secure-from-insecure');
    const { jar } = makeJar({ secureOnLoopback: true });
    expect(jar.set('a=1; Secure', url).allowed).toBe(true);
    expect(jar.header(url)).toBe('a=1');
    expect(jar.header('http://127.0.0.1:3000/')).toBe('');
  });

  it('S100: a Domain shares with sibling hosts', () => {
    const { jar } = makeJar();
    jar.set('a=1; Domain=example.com', 'https://api.example.com/');
    expect(jar.header('https://frontend.example.com/')).toBe('a=1');
  });

  it('X6: a sibling can toss a cookie over a parent, never over __Host-', () => {
    const { jar } = makeJar();
    jar.set('__Host-sid=mine; Secure; Path=/', home);
    expect(
      jar.set('__Host-sid=theirs; Secure; Path=/; Domain=example.com', 'https://evil.example.com/').allowed,
    ).toBe(false);
    expect(jar.header(home)).toBe('__Host-sid=mine');
  });

  it('takes no engine, and no rule of one, that there is not', () => {
    const url = 'https://a.test/';
    const wrong = [{ purgeTo: 'x' }, { purgeTo: Number.NaN }, { purgeTo: -1 }, { sameSiteUnset: 'bogus' }];
    for (const engine of [{ nonsense: true }, 'opera', { anySize: 'no' }, ...wrong] as never[]) {
      expect(() => new CookieJar({ engine })).toThrow(TypeError);
      expect(() =>
        new CookieJar().set('a=1', url, { url, method: 'GET', initiator: 'user', engine } as never),
      ).toThrow(TypeError);
    }
    expect(() => new CookieJar({ engine: { purgeTo: 10, sameSiteUnset: 'none' } })).not.toThrow();
    expect(new CookieJar({ engine: { prefixesIgnored: true } }).set('__Host-a=1', url).allowed).toBe(true);
  });

  it('answers a bad cookie with a verdict, and only a bad URL with an exception', () => {
    const { jar } = makeJar();
    expect(jar.set('a=\x00', home)).toMatchObject({
      allowed: false,
      reasons: [{ code: 'cookie-control-character' }],
    });
    expect(() => jar.set('a=1', 'nonsense')).toThrow(/absolute URL/);
    expect(() => jar.header('nonsense')).toThrow(/absolute URL/);
    for (const url of ['ftp://example.com/', 'file:///tmp/a', 'data:,x', 'wss://example.com/']) {
      for (const ask of [() => jar.set('a=1', url), () => jar.header(url), () => jar.snapshot(url)])
        expect(ask).toThrow(/cookies of http and https/);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        const { allowed, reasons } = jar.set(line, home);
        expect(allowed).toBe(reasons.length === 0);
      }),
    );
  });

  it('takes every cookie of a response', () => {
    const { jar } = makeJar();
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2; Domain=evil.test'],
    ]);
    expect(jar.put({ headers, url: home }).map((verdict) => verdict.allowed)).toEqual([true, false]);
    expect(jar.put(new Response(null), home)).toEqual([]);
    expect(() => jar.put(new Response(null, { headers }))).toThrow(/jar.put\(response, url\)/);
  });

  it('treats prototype names as ordinary', () => {
    const { jar } = makeJar();
    for (const name of ['__proto__', 'constructor', 'toString']) jar.set(`${name}=x`, home);
    expect(jar.header(home)).toBe('__proto__=x; constructor=x; toString=x');
    expect(CookieJar.import(JSON.parse(JSON.stringify(jar.export()))).header(home)).toBe(jar.header(home));
  });

  it('gets, deletes and clears by name', () => {
    const { jar } = makeJar();
    jar.set('a=1; Path=/', home);
    jar.set('a=2; Path=/deep', home);
    jar.set('a=3', 'https://example.org/');
    expect(jar.get('a')?.value).toBe('1');
    expect(jar.get('a', `${home}deep`)?.value).toBe('2');
    expect(jar.get('A')).toBeUndefined();
    expect(jar.delete('a', home)).toBe(true);
    expect(jar.all().map((cookie) => cookie.value)).toEqual(['2', '3']);
    expect(jar.delete('a')).toBe(true);
    expect(jar.delete('a')).toBe(false);
    jar.set('b=1', home);
    jar.clear();
    expect([jar.size, jar.header(home), jar.all()]).toEqual([0, '', []]);
    jar.set('b=1', home);
    expect(jar.size).toBe(1);
  });

  it('says for every cookie whether and why it travels, those of other hosts too', () => {
    const { jar } = makeJar();
    jar.set('a=1', home);
    jar.set('b=2; Secure', home);
    jar.set('c=3', 'https://example.org/');
    const selected = jar
      .select('http://www.example.com/')
      .map(({ cookie, verdict }) => [cookie.name, verdict.reasons.map((reason) => reason.code)]);
    expect(selected).toEqual([
      ['a', []],
      ['b', ['needs-https']],
      ['c', ['other-host']],
    ]);
  });

  it('sends exactly what release allows, for programs and pages', () => {
    const host = fc.constantFrom(
      'example.com',
      'www.example.com',
      'a.www.example.com',
      'example.org',
      '127.0.0.1',
    );
    const path = fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab');
    const url = fc
      .tuple(fc.constantFrom('http', 'https'), host, path)
      .map(([scheme, at, rest]) => `${scheme}://${at}${rest}`);
    const part = fc.constantFrom(
      '; Secure',
      '; HttpOnly',
      '; Path=/',
      '; Path=/a',
      '; Domain=example.com',
      '; SameSite=None',
      '; SameSite=Strict',
      '; Max-Age=10',
      '; Max-Age=0',
      '; Partitioned',
    );
    const line = fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(9), fc.array(part, { maxLength: 4 }))
      .map(([name, value, parts]) => `${name}=${value}${parts.join('')}`);
    const initiator: fc.Arbitrary<HopFacts['initiator']> = fc.oneof(
      fc.constant('program' as const),
      url.map((page) => ({ page })),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, url), { maxLength: 12 }),
        url,
        initiator,
        fc.boolean(),
        fc.nat(12),
        (sets, to, by, navigation, later) => {
          const { jar, pass, now } = makeJar();
          for (const [setCookie, from] of sets) jar.set(setCookie, from);
          const hop: HopFacts = {
            url: to,
            method: 'GET',
            initiator: by,
            navigation,
            time: now() + later * 1_000,
          };
          const released = jar
            .select(to, hop)
            .filter(({ verdict }) => verdict.allowed)
            .map(({ cookie }) => `${cookie.name}=${cookie.value}`);
          expect(jar.header(to, hop)).toBe(released.join('; '));
          pass(later);
          if (by === 'program') expect(jar.header(to)).toBe(released.join('; '));
        },
      ),
      { numRuns: 500 },
    );
  });
});

it("a page of the site that another site's frame asks for gets, sets and shares no cookie of the site", () => {
  const { jar, now } = makeJar();
  const initiator = { page: 'https://a.test/', frames: ['https://b.test/'] };
  const nested = { url: 'https://a.test/x', method: 'GET', initiator, time: now() } as const;
  const own = { ...nested, initiator: { page: 'https://a.test/' } };
  const none = 'Path=/; Secure; SameSite=None; Partitioned';
  jar.set('s=1; Path=/; Secure; SameSite=Strict', own.url, own);
  jar.set(`p=1; ${none}`, own.url, own);
  expect(jar.header(own.url, own)).toBe('s=1; p=1');
  expect(jar.header(nested.url, nested)).toBe('');
  expect(jar.set('s=2; Path=/; Secure; SameSite=Strict', nested.url, nested).allowed).toBe(false);
  jar.set(`p=2; ${none}`, nested.url, nested);
  expect([jar.header(own.url, own), jar.header(nested.url, nested)]).toEqual(['s=1; p=1', 'p=2']);
});

describe('a snapshot of the jar', () => {
  it('keeps what was, whatever the jar does later', () => {
    const { jar } = makeJar();
    jar.set('a=1', home);
    const first = jar.snapshot(home);
    jar.set('a=2', home);
    jar.set('b=1', home);
    const second = jar.snapshot(home);
    jar.delete('a');
    jar.set('c=1', 'https://example.org/');
    const third = jar.snapshot(home);
    jar.clear();
    const seen = [first, second, third, jar.snapshot(home)].map((one) => [
      one.select().map(({ cookie: { name, value } }) => `${name}=${value}`),
      one.otherCookies,
    ]);
    expect(seen).toEqual([
      [['a=1'], 0],
      [['a=2', 'b=1'], 0],
      [['b=1'], 1],
      [[], 0],
    ]);
  });

  it('holds the cookies of every host of the site, and counts those of other sites', () => {
    const { jar } = makeJar();
    const api = 'https://api.example.com/';
    jar.set('host=1', home);
    jar.set('site=1; Domain=example.com', api);
    jar.set('api=1', api);
    jar.set('framed=1; Path=/; Secure; SameSite=None; Partitioned', home);
    for (const other of [
      'https://example.org/',
      'https://a.github.io/',
      'http://127.0.0.1/',
      'http://[::1]/',
    ])
      jar.set('other=1', other);
    const names = (url: string) => {
      const { otherCookies, ...one } = jar.snapshot(url);
      return [one.select().map(({ cookie: { name } }) => name), otherCookies];
    };
    expect(names(home)).toEqual([['host', 'site', 'api', 'framed'], 4]);
    expect(names('https://never.set.example.com/')).toEqual([['host', 'site', 'api', 'framed'], 4]);
    expect(names('https://b.github.io/')).toEqual([[], 8]);
    expect(names('http://127.0.0.1:3000/')).toEqual([['other'], 7]);
    expect(names('http://[::1]/')).toEqual([['other'], 7]);
  });

  it('has the cookies that a limit, an expiry or a file left, and no others', () => {
    const { jar, pass } = makeJar({ limits: { maxPerSite: 2 } });
    const names = () =>
      jar
        .snapshot(home)
        .select()
        .map(({ cookie: { name } }) => name);
    for (const name of ['a', 'b', 'c']) {
      jar.set(`${name}=1; Max-Age=10`, `https://${name}.example.com/`);
      names();
    }
    expect(names()).toEqual(['b', 'c']);
    pass(10);
    expect(jar.size).toBe(0);
    expect(names()).toEqual([]);
  });

  it('answers for a hop of that time', () => {
    const { jar, pass, now } = makeJar();
    jar.set('a=1; Max-Age=10', home);
    const hop: HopFacts = { url: home, method: 'GET', initiator: 'program', time: now() };
    const then = jar.snapshot(home);
    pass(60);
    expect(then.select(hop)[0]?.verdict.allowed).toBe(true);
    expect(then.select()[0]?.verdict.reasons[0]?.code).toBe('cookie-expired');
  });

  it('keeps neither the jar nor the cookies of other sites in memory', async () => {
    let { jar }: { jar: CookieJar | undefined } = makeJar();
    jar.set('a=1', home);
    const then = jar.snapshot(home);
    const gone = new WeakRef(jar);
    jar = undefined;
    await turn();
    collectGarbage();
    expect(gone.deref()).toBeUndefined();
    expect(then.select()[0]?.cookie.value).toBe('1');
  });
});

describe('a jar as JSON', () => {
  it('comes back as it was, order and lifetime included', () => {
    const { jar, now } = makeJar();
    jar.set('a=1; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Strict', home);
    jar.set('b=2; Domain=example.com; Path=/', home);
    jar.set('p=3; Path=/; Secure; Partitioned', home);
    const text = JSON.stringify(jar.export());
    const copy = CookieJar.import(JSON.parse(text), { clock: { now } });
    expect(copy.header(home)).toBe('a=1; b=2; p=3');
    expect(JSON.stringify(copy.export())).toBe(text);
    expect(CookieJar.import(JSON.parse(text), { clock: { now: () => now() + 60_000 } }).header(home)).toBe(
      'b=2; p=3',
    );
  });

  it('obeys the limits, and the last of several with one key counts', () => {
    const { jar, now } = makeJar();
    for (let i = 0; i < 50; i++) jar.set(`n${i}=v`, `https://h${i}.example.com/`);
    const saved = jar.export();
    const twice = { ...saved, cookies: [...saved.cookies, { ...saved.cookies[49]!, value: 'w' }] };
    const copy = CookieJar.import(twice, { clock: { now }, limits: { maxPerSite: 10 } });
    expect([copy.size, copy.get('n49')?.value, copy.get('n39')]).toEqual([10, 'w', undefined]);
  });

  it('does not read what it did not write, and repeats no value', () => {
    const { jar } = makeJar();
    jar.set('a=hunter2', home);
    for (const json of [
      undefined,
      null,
      {},
      [],
      'text',
      { version: 2, cookies: [] },
      JSON.parse(JSON.stringify(jar)),
      { version: 1, cookies: [null] },
      { version: 1, cookies: [{ name: 'a' }] },
    ]) {
      expect(() => CookieJar.import(json)).toThrow(TypeError);
    }
    const broken = { version: 1, cookies: [{ ...jar.export().cookies[0], path: 7 }] };
    expect(() => CookieJar.import(broken)).toThrow(/^(?!.*hunter2).*cookie 0/);
  });

  it('loads 20,000 cookies without recursion', () => {
    const cookies = Array.from({ length: 20_000 }, (_, i) => ({
      name: `n${i % 20}`,
      value: 'v',
      domain: `host${i % 1_000}.com`,
      hostOnly: true,
      path: '/',
      secure: true,
      httpOnly: false,
      createdAt: 0,
    }));
    const jar = CookieJar.import({ version: 1, cookies }, { limits: { maxCookies: 1e6 } });
    expect([jar.size, jar.header('https://host7.com/')]).toEqual([1_000, 'n7=v']);
  });

  it('shows no value in toJSON and in console.log', () => {
    const { jar } = makeJar();
    jar.set('sid=hunter2', home);
    expect(JSON.stringify(jar)).toContain('"name":"sid"');
    expect(JSON.stringify(jar) + inspect(jar, { showHidden: true, depth: 9 })).not.toContain('hunter2');
    expect(inspect(jar)).toBe('CookieJar(1) [sid for www.example.com/]');
    expect(inspect(jar.snapshot(home), { showHidden: true, depth: 9 })).not.toContain('hunter2');
  });
});
