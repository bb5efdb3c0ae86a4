import { describe, expect, it } from 'vitest';
import type { AllowedOrigin } from '../scope/allowed-origins.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { prepareCors } from './cors.ts';
import { prepareCsrf } from './csrf.ts';
import { addToList, pathOf } from './exchange.ts';
import { pipeline } from './index.ts';
import type { CorsPolicy } from './options.ts';

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
    [{ exempt: ['/hooks/*'] }, 'new URLPattern'],
    [{ exempt: ['hooks'] }, 'write one exactly'],
    [{ keys: keyRing(generateKey()), header: 'x csrf' }, 'no name of a header'],
    [{ keys: keyRing(generateKey()), header: '' }, 'no name of a header'],
  ])('%j', (policy, sentence) => {
    expect(() => prepareCsrf(policy, [], [])).toThrow(sentence);
  });

  /** The code of the reason against a request with these headers. */
  function judge(origins: AllowedOrigin[], headers: Record<string, string>, secure = false) {
    const csrf = prepareCsrf({}, [], origins);
    const method = headers.upgrade === undefined ? 'POST' : 'GET';
    const header = (name: string) => headers[name];
    const headerNames = () => Object.keys(headers);
    const verdict = csrf.judge({ method, url: '/', secure, address: undefined, header, headerNames }, false);
    return verdict?.allowed ? 'allowed' : verdict?.reasons[0]?.code;
  }

  it('judges a protocol upgrade, whatever its method', () => {
    const own = ['https://app.example.com'];
    const from = (origin: string) => judge(own, { upgrade: 'websocket', origin, cookie: 'a=b' });
    expect([from('https://evil.test'), from('https://app.example.com')]).toEqual([
      'csrf-foreign-origin',
      'allowed',
    ]);
  });

  const plain = 'http://app.example.com';
  const local = 'http://localhost:5173';
  it.each<[string, AllowedOrigin[], Record<string, string>, boolean, string]>([
    ['over http, behind a proxy that does not say', [plain], { host: 'app.example.com' }, false, 'allowed'],
    ['over https', [plain], {}, true, 'csrf-plain-origin'],
    ['over https, by a pattern', ['http://*.example.com'], {}, true, 'csrf-plain-origin'],
    ['over https, by a function', [() => true], {}, true, 'csrf-plain-origin'],
    [
      'to a proxy that ends TLS, for a browser says Sec-Fetch-Site over TLS only',
      [plain],
      { host: 'app.example.com', 'sec-fetch-site': 'cross-site' },
      false,
      'csrf-plain-origin',
    ],
    [
      'over HTTP/2 to such a proxy',
      [plain],
      { ':authority': 'app.example.com', 'sec-fetch-site': 'same-site' },
      false,
      'csrf-plain-origin',
    ],
    [
      'to this machine, where a browser says it without TLS',
      [plain],
      { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' },
      false,
      'allowed',
    ],
  ])('an origin of plain http, %s', (_, origins, headers, secure, expected) => {
    expect(judge(origins, { origin: plain, ...headers }, secure)).toBe(expected);
  });

  it('a page of this machine counts over https too', () => {
    expect(judge([local], { origin: local, 'sec-fetch-site': 'cross-site' }, true)).toBe('allowed');
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

it('only OPTIONS is a preflight: another method reaches the handler, whatever headers it has', async () => {
  const serve = pipeline({ cors: { origins: ['https://other.test'] }, csrf: { methods: 'unsafe' } })(() => ({
    reached: true,
  }));
  const headers = { origin: 'https://other.test', 'access-control-request-method': 'PUT' };
  const answer = await serve(new Request('https://app.test/', { headers }));
  expect([answer.status, await answer.text()]).toEqual([200, '{"reached":true}']);
});
