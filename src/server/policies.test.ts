import { describe, expect, it } from 'vitest';
import { generateKey, keyRing } from '../seal/index.ts';
import { prepareCors } from './cors.ts';
import { prepareCsrf } from './csrf.ts';
import { addToList, pathOf } from './exchange.ts';
import { type CorsPolicy, checkOrigins } from './options.ts';

describe('an origin is written as browsers write it', () => {
  it.each([
    ['null', "must not hold 'null'"],
    ['app.example.com', "write it as 'https://app.example.com'"],
    ['https://app.example.com/', "write it as 'https://app.example.com'"],
    ['https://app.example.com:443', "write it as 'https://app.example.com'"],
    ['https://APP.example.com', "write it as 'https://app.example.com'"],
    ['https://user@app.example.com', "write it as 'https://app.example.com'"],
    ['https://*.example.com', "write it as 'https://app.example.com'"],
    ['file:///tmp', 'no origin'],
    ['ws://app.example.com', 'no origin'],
    ['*', 'no origin'],
  ])('%s is refused', (origin, sentence) => {
    expect(() => checkOrigins([origin], 'origins')).toThrow(TypeError);
    expect(() => checkOrigins([origin], 'origins')).toThrow(sentence);
  });

  it.each([
    'https://app.example.com',
    'http://localhost:3000',
    'http://[::1]:8080',
    'https://xn--bcher-kva.example',
  ])('%s is taken', (origin) => {
    expect(checkOrigins([origin], 'origins')).toEqual([origin]);
  });
});

describe('a CORS policy that no browser obeys, or that trusts everybody, is refused at once', () => {
  it.each<[string, CorsPolicy]>([
    ['S133, ASVS 3.4.2: * with credentials', { origins: ['*'], credentials: true }],
    ['* among others with credentials', { origins: ['https://a.test', '*'], credentials: true }],
    ['null', { origins: ['null'] }],
    [
      'every header exposed with credentials',
      { origins: ['https://a.test'], credentials: true, exposeHeaders: ['*'] },
    ],
    ['a method that is no name', { origins: ['https://a.test'], methods: ['GET, POST'] }],
    ['a header that is no name', { origins: ['https://a.test'], allowHeaders: ['x-a\r\nset-cookie: a=b'] }],
    ['a time that is none', { origins: ['https://a.test'], maxAge: '10 minutes' as '10m' }],
  ])('%s', (_, policy) => {
    expect(() => prepareCors(policy)).toThrow(TypeError);
  });
});

describe('a CSRF policy that could never match is refused at once', () => {
  it.each([
    [{ trust: ['null'] }, "must not hold 'null'"],
    [{ trust: ['https://a.test/path'] }, "write it as 'https://a.test'"],
    [{ exempt: ['/hooks/*'] }, 'write one exactly'],
    [{ exempt: ['hooks'] }, 'write one exactly'],
    [{ exempt: ['post /hooks'] }, 'write one exactly'],
    [{ exempt: ['POST /hooks?x'] }, 'write one exactly'],
    [{ keys: keyRing(generateKey()), header: 'x csrf' }, 'no name of a header'],
    [{ keys: keyRing(generateKey()), header: '' }, 'no name of a header'],
  ])('%j', (policy, sentence) => {
    expect(() => prepareCsrf(policy, [], [])).toThrow(sentence);
  });

  it('judges a protocol upgrade, whatever its method', () => {
    const csrf = prepareCsrf({}, [], ['https://app.example.com']);
    const headers: Record<string, string> = {
      upgrade: 'websocket',
      origin: 'https://evil.test',
      cookie: 'a=b',
    };
    const exchange = { method: 'GET', url: '/', address: undefined, header: (name: string) => headers[name] };
    expect(csrf.judge(exchange, false)).toMatchObject({
      allowed: false,
      reasons: [{ code: 'csrf-foreign-origin' }],
    });
    headers.origin = 'https://app.example.com';
    expect(csrf.judge(exchange, false)).toMatchObject({ allowed: true });
    delete headers.upgrade;
    expect(csrf.judge(exchange, false)).toBeUndefined();
  });
});

it.each([
  ['https://a.test', '/'],
  ['https://a.test?q=/x', '/'],
  ['https://a.test/x/y?q#f', '/x/y'],
  ['https://a.test/%2e%2E/x', '/%2e%2E/x'],
  ['/x?u=http://b.test/y', '/x'],
  ['//b.test/y', '//b.test/y'],
  ['http://a.test\\x/hook', '\\x/hook'],
])('the path of %s is %s', (url, path) => {
  expect(pathOf(url)).toBe(path);
});

it.each([
  [null, 'Origin, Cookie'],
  ['', 'Origin, Cookie'],
  ['*', '*'],
  ['accept', 'accept, Origin, Cookie'],
  ['COOKIE', 'COOKIE, Origin'],
  ['origin,cookie', 'origin,cookie'],
  ['X-Cookie', 'X-Cookie, Origin, Cookie'],
])('Vary: %s and Origin and Cookie is %s', (before, after) => {
  const head = new Headers(before === null ? {} : { vary: before });
  addToList(head, 'vary', ['Origin', 'Cookie']);
  expect(head.get('vary')).toBe(after);
});
