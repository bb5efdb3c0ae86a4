import { describe, expect, it } from 'vitest';
import { CookieJar, type CookieJarOptions } from './jar.ts';

const home = 'https://www.example.com/';

function makeJar(options: CookieJarOptions = {}) {
  let now = Date.parse('2026-11-21T00:00:00Z');
  const jar = new CookieJar({ clock: { now: () => now }, ...options });
  return { jar, pass: (seconds: number) => (now += seconds * 1_000), now: () => now };
}

describe('the limits of the jar', () => {
  it('keeps 180 cookies a site and drops what was set or sent longest ago', () => {
    const { jar } = makeJar();
    for (let i = 0; i < 200; i++) jar.set(`n${i}=v`, `https://h${i % 7}.example.com/`);
    expect(jar.size).toBe(180);
    expect(jar.all()[0]?.name).toBe('n20');
    jar.set('other=v', 'https://example.org/');
    expect(jar.size).toBe(181);
  });

  it('drops what has expired first, then what is not Secure, then what was set longest ago', () => {
    const { jar, pass } = makeJar({ limits: { maxPerSite: 3 } });
    const names = () =>
      jar
        .all()
        .map((cookie) => cookie.name)
        .join('');
    jar.set('a=1; Secure', home);
    jar.set('b=1; Secure; Max-Age=5', home);
    jar.set('c=1', home);
    pass(5);
    jar.set('d=1; Secure', home);
    expect(names()).toBe('acd');
    jar.set('e=1; Secure', home);
    expect(names()).toBe('ade');
    jar.set('f=1; Secure', home);
    expect(names()).toBe('def');
    jar.set('d=2; Secure', home);
    expect(names()).toBe('def');
  });

  const app = `${home}app`;
  const below = 'https://below.www.example.com/';
  const page = {
    url: home,
    method: 'GET',
    initiator: { page: 'https://www.example.com/' },
    time: 0,
  } as const;
  it.each<[string, (jar: CookieJar) => unknown]>([
    ['sent', (jar) => jar.header(app)],
    [
      'sent a second time, from memory',
      (jar) => [app, `${home}b`, `${below}c`, app].map((url) => jar.header(url)),
    ],
    ['sent for a page', (jar) => jar.header(app, page)],
    ['set anew', (jar) => jar.set('a=2; Path=/app', home)],
    ['set again as it was', (jar) => jar.set('a=1; Path=/app', home)],
  ])('keeps what was %s since, and drops another', (_, use) => {
    const { jar } = makeJar({ limits: { maxPerSite: 3 } });
    jar.set('a=1; Path=/app', home);
    jar.set('b=1; Path=/b', home);
    jar.header(app);
    jar.set('c=1; Path=/c', below);
    jar.set('b=2; Path=/b', home);
    use(jar);
    jar.set('d=1; Path=/d', home);
    jar.set('e=1; Path=/e', home);
    expect(jar.all().map((cookie) => cookie.name)).toEqual(['a', 'd', 'e']);
  });

  it('counts no look at the jar as a use', () => {
    const { jar } = makeJar({ limits: { maxCookies: 2 } });
    jar.set('a=1', 'https://a.test/');
    jar.set('b=1', 'https://b.test/');
    jar.select('https://a.test/');
    jar.get('a', 'https://a.test/');
    jar.snapshot('https://a.test/').select();
    jar.set('c=1', 'https://c.test/');
    expect(jar.all().map((cookie) => cookie.name)).toEqual(['b', 'c']);
  });

  it('keeps 3000 in total', () => {
    const { jar } = makeJar();
    for (let i = 0; i < 3010; i++) jar.set('a=1', `https://host${i}.com/`);
    expect(jar.size).toBe(3000);
    expect(jar.header('https://host9.com/')).toBe('');
    expect(jar.header('https://host10.com/')).toBe('a=1');
  });
});
