import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cookieString } from './cookie-string.ts';
import { CookieJar } from './index.ts';

const segment = fc.constantFrom('', 'a', 'b', 'ab', 'a.b', '%2F');
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

const write = fc.record({ name: fc.nat({ max: 59 }), path, gone: fc.boolean() });

it('a host with many cookies sends what asking every cookie finds, in the same order, after every write', () => {
  fc.assert(
    fc.property(
      fc.array(path, { minLength: 40, maxLength: 120 }),
      fc.array(write, { maxLength: 3 }),
      fc.array(path, { minLength: 1, maxLength: 2 }),
      (paths, writes, requested) => {
        const jar = new CookieJar({ limits: { maxPerSite: 200 } });
        const urls = requested.map((of) => `https://www.example.com${of}`);
        const set = (name: number, value: string, of: string) =>
          jar.set(`c${name}=${value}; Path=${of}`, urls[0]!);
        const check = (url: string) => {
          const asked = jar.select(url).filter(({ verdict }) => verdict.allowed);
          const found = cookieString(asked.map(({ cookie }) => cookie) as never);
          expect(jar.header(url)).toBe(found);
          expect(jar.header(url)).toBe(found);
        };
        for (const [i, of] of paths.entries()) set(i % 60, `${i}`, of);
        urls.forEach(check);
        for (const [i, { name, path, gone }] of writes.entries()) {
          set(name, gone ? `${i}; Max-Age=0` : `new${i}`, path);
          set(i, `updated${i}`, paths[i]!);
          urls.forEach(check);
        }
      },
    ),
  );
});

it('each cookie is sent once, also to a path that ends in a slash, where a host has many and few are near', () => {
  const jar = new CookieJar({ limits: { maxPerSite: 200 } });
  const url = 'https://www.example.com/a/b/';
  for (let n = 0; n < 100; n++) jar.set(`far${n}=1; Path=/far${n}`, url);
  for (const path of ['/', '/a', '/a/', '/a/b', '/a/b/']) jar.set(`near=${path}; Path=${path}`, url);
  const near = ['/a/b/', '/a/b', '/a/', '/a', '/'].map((path) => `near=${path}`);
  for (let time = 0; time < 2; time++) expect(jar.header(url)).toBe(near.join('; '));
  expect(jar.header('https://www.example.com/')).toBe('near=/');
});
