import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HopFacts } from '../scope/hop.ts';
import { fromBytes } from '../scope/octets.ts';
import { CookieJar } from './jar.ts';

const url = 'https://example.com/';
/** `日é` in UTF-8. */
const octets = '\xe6\x97\xa5\xc3\xa9';
const answer = (...lines: string[]) => ({
  headers: new Headers(lines.map((line) => ['set-cookie', line])),
  url,
});

describe('octets in the jar', () => {
  it.each([
    ['text', `n=日é; Path=/`],
    ['octets', `n=${octets}; Path=/`],
  ])('a line of %s is sent as octets and read as text', (_, line) => {
    const jar = new CookieJar();
    expect(jar.set(line, url).allowed).toBe(true);
    expect(jar.header(url)).toBe(`n=${octets}`);
    expect(jar.get('n')?.value).toBe('日é');
    expect(jar.select(url)[0]?.cookie.value).toBe('日é');
    expect(jar.export().cookies[0]?.value).toBe('日é');
  });

  it('text within Latin-1 is text, as other text is', () => {
    const jar = new CookieJar();
    jar.set('n=caf\xe9', url);
    expect(jar.header(url)).toBe('n=caf\xc3\xa9');
    expect(jar.get('n')?.value).toBe('café');
  });

  it('an answer is octets, whatever they are', () => {
    const jar = new CookieJar();
    jar.put(answer('n=Z\xfcrich', `m=${octets}`));
    expect(jar.header(url)).toBe(`n=Z\xfcrich; m=${octets}`);
    expect(jar.get('n')).toMatchObject({ value: 'Zürich', encoding: 'latin1' });
    expect(jar.get('m')?.encoding).toBeUndefined();
  });

  it('a name beyond ASCII is found, updated and deleted as text', () => {
    const jar = new CookieJar();
    jar.set('ключ=1', url);
    jar.put(answer(`${fromBytes(new TextEncoder().encode('ключ'))}=2`));
    expect(jar.all().map(({ name, value }) => [name, value])).toEqual([['ключ', '2']]);
    expect(jar.get('ключ', url)?.value).toBe('2');
    expect(JSON.stringify(jar)).toContain('ключ');
    expect(jar.select('https://other.test/')[0]?.verdict.reasons[0]?.sentence).toContain('ключ belongs to');
    expect(jar.set('ключ=1; Domain=evil.test', url).reasons[0]?.facts?.name).toBe('ключ');
    expect(jar.delete('ключ', url)).toBe(true);
    expect(jar.size).toBe(0);
  });

  it.each([
    ['an answer', (jar: CookieJar, line: string) => jar.put(answer(line))[0]],
    ['a program', (jar: CookieJar, line: string) => jar.set(line, url)],
  ])('limits count the octets of %s once', (_, give) => {
    const jar = new CookieJar();
    const e = '\xc3\xa9';
    expect(give(jar, `a=${e.repeat(2_000)}`)?.allowed).toBe(true);
    expect(give(jar, `b=${e.repeat(2_047)}x`)?.allowed).toBe(true);
    expect(give(jar, `c=${e.repeat(2_048)}`)?.reasons[0]?.facts).toMatchObject({ octets: 4_097 });
    expect(give(jar, `d=1; Path=/${e.repeat(511)}x`)?.allowed).toBe(true);
    expect(jar.get('d')?.path).toBe(`/${'é'.repeat(511)}x`);
    give(jar, `f=1; Path=/${e.repeat(512)}`);
    expect(jar.get('f')?.path).toBe('/');
  });

  it('are saved and loaded as they were, UTF-8 or not', () => {
    const octet = fc.integer({ min: 0x21, max: 0xff }).filter((unit) => ![0x3b, 0x3d, 0x7f].includes(unit));
    const some = fc
      .array(octet, { minLength: 1, maxLength: 12 })
      .map((units) => fromBytes(Uint8Array.from(units)));
    fc.assert(
      fc.property(fc.array(fc.tuple(some, some), { minLength: 1, maxLength: 4 }), (pairs) => {
        const jar = new CookieJar();
        jar.put(answer(...pairs.map(([name, value]) => `${name}=${value}`)));
        const again = CookieJar.import(JSON.parse(JSON.stringify(jar.export())));
        expect(again.header(url)).toBe(jar.header(url));
      }),
    );
  });

  it('whatever is set, the header can be sent', () => {
    const page: HopFacts = { url, method: 'GET', initiator: { page: url }, time: Date.now() };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        const jar = new CookieJar();
        jar.set(line, url);
        jar.set(`n=${line}`, url);
        for (const header of [jar.header(url), jar.header(url, page)]) new Headers([['cookie', header]]);
      }),
    );
  });
});
