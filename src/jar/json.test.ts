import { CookieJar as ToughJar } from 'tough-cookie';
import { describe, expect, it } from 'vitest';
import { CookieJar } from './jar.ts';
import { readCookiesJson } from './json.ts';
import type { SavedCookie } from './saved-cookie.ts';
import { writeStorageState } from './storage-state.ts';
import { writeToughCookies } from './tough-cookie.ts';

const url = 'https://www.example.com/a/b';
const saved = (change: object): SavedCookie => ({
  name: 'a',
  value: 'v',
  domain: 'example.com',
  hostOnly: true,
  path: '/',
  secure: false,
  httpOnly: false,
  ...change,
});

describe('CookieJar.import', () => {
  it.each<[string, object, string]>([
    ['a domain that is a public suffix', { domain: 'com', hostOnly: false }, 'domain-public-suffix'],
    ['a prefix that its attributes break', { name: '__Host-a', secure: false }, 'prefix-host'],
    ['SameSite=None without Secure', { sameSite: 'none' }, 'none-without-secure'],
    ['a line break', { value: 'v\nw' }, 'saved-cookie-impossible'],
    ['a header in its name', { name: 'a\r\nX-Evil: 1' }, 'saved-cookie-impossible'],
    ['a second cookie in its value', { value: 'v; admin=1' }, 'saved-cookie-impossible'],
    ['a path that is none', { path: 'x' }, 'saved-cookie-impossible'],
    ['no domain', { domain: '' }, 'saved-cookie-impossible'],
    ['no domain, of all its hosts', { domain: '', hostOnly: false }, 'saved-cookie-impossible'],
    ['more than a host', { domain: 'example.com/@evil.test' }, 'saved-cookie-impossible'],
    ['too much', { value: 'v'.repeat(5_000) }, 'cookie-too-large'],
    ['a time that is past', { expires: 1 }, 'cookie-expired'],
  ])('does not believe %s, and says so', (_, change, code) => {
    const refused: unknown[] = [];
    const jar = CookieJar.import(
      { version: 1, cookies: [saved(change), saved({ name: 'good' })] },
      {
        onRefused: (cookie, verdict) =>
          refused.push(cookie.domain, 'value' in cookie, verdict.reasons[0]?.code),
      },
    );
    expect(jar.all().map(({ name }) => name)).toEqual(['good']);
    expect(refused).toEqual([saved(change).domain, false, code]);
  });

  it('takes the others though whoever hears of a refusal throws', () => {
    const onRefused = () => {
      throw new Error('not mine to say');
    };
    const cookies = [saved({ path: 'x' }), saved({ name: 'good' })];
    const jar = CookieJar.import({ version: 1, cookies }, { onRefused });
    expect(jar.all().map(({ name }) => name)).toEqual(['good']);
  });

  it('tells the cookie of a host from that of its whole domain, in whatever order they come', () => {
    for (const hostOnly of [true, false]) {
      const cookies = [saved({ hostOnly }), saved({ hostOnly: !hostOnly }), saved({ name: 'b', hostOnly })];
      const jar = CookieJar.import({ version: 1, cookies });
      expect(jar.all().map(({ name, domain, hostOnly }) => [name, domain, hostOnly])).toEqual([
        ['a', 'example.com', hostOnly],
        ['a', 'example.com', !hostOnly],
        ['b', 'example.com', hostOnly],
      ]);
    }
  });

  it('takes what a jar may hold though its URL is not known any more', () => {
    const jar = new CookieJar();
    jar.set('a=1; Secure', url);
    jar.set('a=2; Path=/x', url);
    jar.set('h=1; HttpOnly; SameSite=Strict', url);
    jar.set('p=1; Secure; SameSite=None; Partitioned', url);
    jar.set('ip=1', 'http://127.0.0.1/');
    jar.set('six=1', 'http://[::1]/');
    jar.set('local=1', 'http://localhost/');
    jar.put({ headers: new Headers([['set-cookie', `latin=${'\xe9'.repeat(3_000)}`]]), url });
    const again = CookieJar.import(JSON.parse(JSON.stringify(jar.export())));
    expect(again.export()).toEqual(jar.export());
  });

  it('writes a domain as URLs do, and cuts a life at 400 days', () => {
    const clock = { now: () => 0 };
    const cookies = [
      saved({ domain: 'EXAMPLE.com', expires: 1e15 }),
      saved({ domain: '0x7f.1', hostOnly: false }),
    ];
    const jar = CookieJar.import({ version: 1, cookies }, { clock });
    expect(jar.all()).toMatchObject([
      { domain: 'example.com', expires: 400 * 86_400_000 },
      { domain: '127.0.0.1', hostOnly: true },
    ]);
  });
});

describe('a jar of tough-cookie', () => {
  function tough(): ToughJar {
    const jar = new ToughJar();
    jar.setCookieSync('a=1; Max-Age=100; Path=/; Secure; SameSite=Lax', url);
    jar.setCookieSync('b=2; Domain=example.com; Expires=Wed, 01 Jan 2098 00:00:00 GMT; HttpOnly', url);
    jar.setCookieSync('c=\xe6\x97\xa5', url);
    jar.setCookieSync('gone=1; Max-Age=0', url);
    return jar;
  }

  it('is read: the same header, flags and lives', () => {
    const theirs = tough();
    const jar = CookieJar.import(theirs.serializeSync());
    expect(jar.header(url)).toBe(theirs.getCookieStringSync(url));
    const [, b] = jar.all();
    expect(b).toMatchObject({ domain: 'example.com', hostOnly: false, path: '/a', httpOnly: true });
    expect(jar.get('a')).toMatchObject({ secure: true, sameSite: 'lax', hostOnly: true });
    expect(Math.abs(jar.get('a')!.expires - Date.now() - 100_000)).toBeLessThan(10_000);
    expect(jar.get('c')?.value).toBe('日');
  });

  it('is read without what ended at once, whatever its clock was', () => {
    const json = tough().serializeSync();
    const ahead = { domain: 'example.com', path: '/', lastAccessed: '2098-01-01T00:00:00.000Z' };
    for (const maxAge of [0, -5, 60] as const)
      json?.cookies.push({ ...ahead, key: `age${maxAge}`, value: '1', maxAge });
    const jar = CookieJar.import(json);
    expect(['age0', 'age-5', 'age60'].map((name) => jar.get(name)?.value)).toEqual([
      undefined,
      undefined,
      '1',
    ]);
  });

  it('is read with the ends that it has as dates alone', () => {
    const theirs = tough();
    const expires = new Date(Date.UTC(2098, 0));
    const clock = { now: () => expires.getTime() - 60_000 };
    theirs.setCookieSync(`d=4; Expires=${expires.toUTCString()}`, url);
    const jar = CookieJar.import(theirs.serializeSync(), { clock });
    expect(jar.get('d')?.expires).toBe(expires.getTime());
  });

  it('is written: tough-cookie sends what we would', async () => {
    const jar = CookieJar.import(tough().toJSON());
    jar.set('p=1; Secure; Partitioned', url);
    const { json, leftOut } = writeToughCookies(jar);
    expect(leftOut.map(({ name }) => name)).toEqual(['p']);
    const theirs = ToughJar.fromJSON(JSON.stringify(json));
    jar.delete('p');
    expect(theirs.getCookieStringSync(url)).toBe(jar.header(url));
    expect(theirs.getCookieStringSync('http://sub.example.com/a')).toBe('b=2');
    expect(CookieJar.import(theirs.toJSON()).header(url)).toBe(jar.header(url));
  });
});

describe('a storageState of Playwright', () => {
  const state = {
    cookies: [
      {
        name: 'a',
        value: '日',
        domain: 'www.example.com',
        path: '/',
        expires: -1,
        httpOnly: true,
        secure: true,
        sameSite: 'Strict' as const,
      },
      {
        name: 'b',
        value: '2',
        domain: '.example.com',
        path: '/a',
        expires: Math.floor(Date.now() / 1_000) + 86_400.5,
        httpOnly: false,
        secure: true,
        sameSite: 'None' as const,
        partitionKey: 'https://top.test',
        _crHasCrossSiteAncestor: true,
      },
      {
        name: 'c',
        value: '3',
        domain: '.example.com',
        path: '/',
        expires: -1,
        httpOnly: false,
        secure: true,
        sameSite: 'None' as const,
        partitionKey: 'https://example.com',
        _crHasCrossSiteAncestor: true,
      },
    ],
    origins: [],
  };

  it('is read and written without a change', () => {
    const jar = CookieJar.import(state);
    expect(jar.get('c')?.partition).toBe('https://example.com#cross-site-ancestor');
    expect(jar.get('b')).toMatchObject({ hostOnly: false, partition: 'https://top.test', sameSite: 'none' });
    expect(writeStorageState(jar)).toEqual({ state, leftOut: [] });
  });

  it('cannot say what is no UTF-8, and is told so', () => {
    const jar = new CookieJar();
    jar.put({ headers: new Headers([['set-cookie', 'city=Z\xfcrich']]), url });
    const { state, leftOut } = writeStorageState(jar);
    expect([state.cookies.length, leftOut.map(({ name }) => name)]).toEqual([0, ['city']]);
  });
});

describe('readCookiesJson', () => {
  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['a jar without values', new CookieJar().toJSON()],
    ['a cookie of tough-cookie without a domain', { version: 'tough-cookie@6', cookies: [{ key: 'a' }] }],
    ['a cookie of Playwright without a time', { cookies: [{ name: 'a' }], origins: [] }],
    ['a cookie that is null', { version: 1, cookies: [null] }],
    ['a cookie of Playwright that is null', { cookies: [null], origins: [] }],
    ['a cookie of tough-cookie that is null', { version: 'tough-cookie@6', cookies: [null] }],
  ])('refuses %s as misuse', (_, json) => {
    expect(() => readCookiesJson(json)).toThrow(/^Not a /);
  });

  it('says of a text that it is to be parsed first', () => {
    expect(() => readCookiesJson(JSON.stringify(new CookieJar().export()))).toThrow(
      /pass JSON\.parse\(text\)/,
    );
  });
});
