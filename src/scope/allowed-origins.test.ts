import { describe, expect, it } from 'vitest';
import { type AllowedOrigin, allowedOrigins } from './allowed-origins.ts';

const list = (...origins: AllowedOrigin[]) => allowedOrigins(origins, 'origins');

describe('an origin is written as browsers write it', () => {
  it.each([
    ['null', "must not hold 'null'"],
    ['app.example.com', "write it as 'https://app.example.com'"],
    ['https://app.example.com/', "write it as 'https://app.example.com'"],
    ['https://app.example.com:443', "write it as 'https://app.example.com'"],
    ['https://APP.example.com', "write it as 'https://app.example.com'"],
    ['https://user@app.example.com', "write it as 'https://app.example.com'"],
    ['wss://app.example.com', "write it as 'https://app.example.com'"],
    ['file:///tmp', 'no origin'],
    ['', 'no origin'],
    ['htps://app.example.com', "as a function, origin => origin === 'htps://app.example.com'"],
    ['capacitor://localhost/', "write it as 'capacitor://localhost'"],
    ['capacitor:localhost', "write it as 'capacitor://localhost'"],
    ['chrome-extension://*', 'an exact one, as the browser sends it'],
    ['*', 'everybody'],
    ['https://*', 'everybody'],
    ['https://*.com', 'everybody below com'],
    ['https://*.example.com/', "write it as 'https://*.example.com'"],
    ['https://*.EXAMPLE.com', "write it as 'https://*.example.com'"],
    ['https://app-*.example.com', "write it as 'https://*.example.com'"],
    ['https://app.*.com', "write it as 'https://*.example.com'"],
    [7, 'a string or a function'],
    [/example/, 'a string or a function'],
  ])('%s is refused', (origin, sentence) => {
    expect(() => list(origin as string)).toThrow(TypeError);
    expect(() => list(origin as string)).toThrow(sentence);
  });

  it.each([
    'https://app.example.com',
    'http://localhost:3000',
    'http://[::1]:8080',
    'https://xn--bcher-kva.example',
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://-',
    'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
    'moz-extension://6b1c4f7e-0d7c-4b6f-8f0f-9f8f3e0e8f10',
    'safari-web-extension://6B1C4F7E-0D7C-4B6F-8F0F-9F8F3E0E8F10',
  ])('%s is taken, and no other is it', (origin) => {
    expect(list(origin).includes(origin)).toBe(true);
    expect(list(origin).includes(`${origin}.evil.test`)).toBe(false);
    expect(list(origin).includes(`${origin}/`)).toBe(false);
  });
});

it.each(['https://app.example.com', () => true, { 0: 'https://app.example.com' }])(
  '%s is no list',
  (origins) => {
    expect(() => allowedOrigins(origins as never, 'origins')).toThrow(
      "origins is a list: ['https://app.example.com']",
    );
  },
);

describe('a pattern is every host below it', () => {
  it.each([
    ['https://a.example.com', true],
    ['https://b.a.example.com', true],
    ['https://example.com', false],
    ['http://a.example.com', false],
    ['https://a.example.com:8443', false],
    ['https://aexample.com', false],
    ['https://a.example.com.evil.test', false],
    ['https://evil.test/.example.com', false],
    ['https://evil.test#.example.com', false],
    ['https://u@a.example.com', false],
    ['https://A.example.com', false],
    ['https://a.example.com/', false],
    ['https://*.example.com', true], // as good a name of a host as any
    ['null', false],
    ['', false],
  ])('https://*.example.com and %s: %s', (origin, expected) => {
    expect(list('https://*.example.com').includes(origin)).toBe(expected);
  });

  it('with a port, with every port, and below this machine', () => {
    const origins = list('https://*.a.test:8443', 'https://*.b.test:*', 'http://*.localhost:3000');
    const asked = ['https://x.a.test:8443', 'https://x.b.test:1', 'http://tenant.localhost:3000'];
    expect(asked.map((origin) => origins.includes(origin))).toEqual([true, true, true]);
    const others = [
      'https://x.a.test',
      'http://x.b.test:1',
      'http://localhost:3000',
      'http://tenant.localhost',
    ];
    expect(others.map((origin) => origins.includes(origin))).toEqual([false, false, false, false]);
  });
});

describe('a function', () => {
  it('is asked of what is an origin, and of nothing else', () => {
    const asked: string[] = [];
    const origins = list('https://a.test', (origin) => asked.push(origin) > 0 && origin.endsWith('.b.test'));
    expect(origins.includes('https://a.test')).toBe(true);
    expect(asked).toEqual([]);
    expect(origins.includes('https://x.b.test')).toBe(true);
    expect(origins.includes('capacitor://x')).toBe(false);
    expect(asked).toEqual(['https://x.b.test', 'capacitor://x']);
    const garbage = [
      'null',
      '',
      'x',
      'https://evil.test/.b.test',
      'https://evil.test#.b.test',
      'https://a, https://x.b.test',
    ];
    for (const origin of garbage) expect(origins.includes(origin), origin).toBe(false);
    expect(asked.length).toBe(2);
  });

  it('answers true at once: a promise is a TypeError, and nothing else that is truthy counts', () => {
    expect(() => list((async () => false) as never).includes('https://a.test')).toThrow(/answer at once/);
    expect(list((() => 1) as never).includes('https://a.test')).toBe(false);
  });
});
