import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cookieString } from './cookie-string.ts';
import { CookieJar } from './index.ts';

const segment = fc.constantFrom('', 'a', 'b', 'ab', 'a.b', '%2F');
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

it('a host with many cookies sends what asking every cookie finds, in the same order', () => {
  fc.assert(
    fc.property(fc.array(path, { minLength: 40, maxLength: 120 }), path, (paths, requested) => {
      const jar = new CookieJar({ limits: { maxPerSite: 200 } });
      const url = `https://www.example.com${requested}`;
      for (const [i, of] of paths.entries()) jar.set(`c${i % 60}=${i}; Path=${of}`, url);
      const asked = jar.select(url).filter(({ verdict }) => verdict.allowed);
      const found = cookieString(asked.map(({ cookie }) => cookie) as never);
      expect(jar.header(url)).toBe(found);
      expect(jar.header(url)).toBe(found);
    }),
  );
});
