// `bun bench/bun.ts`, after a build: cookies on the wire under Bun, beside what Bun brings.
import { defineCookie, parseCookieHeader, parseSetCookie, readCookie } from 'hallpass';
import { cookieHeaders, setCookieLines } from './shared/corpus.ts';
import { many, token } from './shared/inputs.ts';
import { compare, report } from './shared/ratio.ts';

interface BunCookie {
  parse(line: string): unknown;
  new (init: object): { serialize(): string };
}
interface BunCookieMap {
  new (header: string): { get(name: string): string | null; size: number };
}
interface Bun {
  readonly version: string;
  readonly Cookie: BunCookie;
  readonly CookieMap: BunCookieMap;
}

const { Bun } = globalThis as unknown as { Bun: Bun };
const sid = defineCookie('sid');
const values = many((i) => token(i, 43));
const peer = (name: string) => `${name} of Bun ${Bun.version}`;

console.log(
  report('Cookies under Bun', [
    compare({
      title: 'read a cookie that is absent (`readCookie`)',
      input: 'corpus',
      inputs: cookieHeaders,
      limit: 1,
      ours: { name: 'readCookie', run: (header: string) => readCookie(header, 'session') },
      peer: { name: peer('CookieMap'), run: (header) => new Bun.CookieMap(header).get('session') },
    }),
    compare({
      title: 'parse a Cookie header (`parseCookieHeader`)',
      input: 'corpus',
      inputs: cookieHeaders,
      limit: 1,
      ours: { name: 'parseCookieHeader', run: (header: string) => parseCookieHeader(header) },
      peer: { name: `${peer('CookieMap')}, which decodes`, run: (header) => new Bun.CookieMap(header).size },
    }),
    compare({
      title: 'parse a Set-Cookie line (`parseSetCookie`)',
      input: 'corpus',
      inputs: setCookieLines,
      limit: 1,
      ours: { name: 'parseSetCookie', run: (line: string) => parseSetCookie(line) },
      peer: { name: `${peer('Cookie')}, which decodes`, run: (line) => Bun.Cookie.parse(line) },
    }),
    compare({
      title: 'write a Set-Cookie line from a definition',
      input: '43 characters',
      inputs: values,
      limit: 1,
      ours: { name: 'serialize', run: (value: string) => sid.serialize(value) },
      peer: {
        name: peer('Cookie'),
        run: (value) =>
          new Bun.Cookie({ name: 'sid', value, httpOnly: true, secure: true, sameSite: 'lax' }).serialize(),
      },
    }),
  ]),
);
