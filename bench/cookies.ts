// `node bench/cookies.ts`, after a build: cookies on the wire, beside cookie and cookie-es.
import { parseCookie, parseSetCookie as peerParseSetCookie, stringifySetCookie } from 'cookie';
import * as cookieEs from 'cookie-es';
import {
  defineCookie,
  honor,
  type IncomingFacts,
  parseCookieHeader,
  parseSetCookie,
  readCookie,
} from 'hallpass';
import { cookieHeaders, setCookieLines } from './shared/corpus.ts';
import { cookieHeader, many, token } from './shared/inputs.ts';
import { type Comparison, compare, report, versionOf } from './shared/ratio.ts';

const peer = versionOf('cookie');
const otherPeer = versionOf('cookie-es');
const day = 86_400_000;
const today = Math.floor(Date.now() / 1_000) * 1_000;

const headers = many((i) => cookieHeader(i, 20));
const mixedHeaders = many((i) => `${cookieHeader(i, 2)}; big=${token(i, 3_000)}; ${cookieHeader(i + 64, 2)}`);
const values = many((i) => token(i, 43));
const longValues = many((i) => token(i, 3_000));
const longLines = longValues.map(
  (value, i) => `sid=${value}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=${3_600 + i}`,
);
/** What answers of the same second carry: dates repeat within it, and differ from one to the next. */
const dated = values.map((value, i) => ({ value, expires: new Date(today + 200 * day + (i >> 3) * 1_000) }));

const sid = defineCookie('sid');
const last = defineCookie('cookie_19');
const wide = defineCookie('sid', { domain: 'example.com' });

const read = (title: string, limit: number, name: string, input: string, inputs: string[]) => ({
  title,
  input,
  inputs,
  limit,
  ours: { name: 'readCookie', run: (header: string) => readCookie(header, name) },
  peer: { name: `${peer} parseCookie`, run: (header: string) => parseCookie(header)[name] },
});

const readDefined: Comparison<string> = {
  title: 'read a defined cookie',
  input: '20 cookies',
  inputs: headers,
  limit: 0.15,
  ours: { name: 'read', run: (header) => last.read(header) },
  peer: { name: `${peer} parseCookie`, run: (header) => parseCookie(header).cookie_19 },
};

const parse = (title: string, limit: number, input: string, inputs: string[]): Comparison<string> => ({
  title,
  input,
  inputs,
  limit,
  ours: { name: 'parseCookieHeader', run: (header) => parseCookieHeader(header) },
  peer: { name: `${peer} parseCookie`, run: (header) => parseCookie(header) },
});

const parseLine = (title: string, limit: number, input: string, inputs: string[]): Comparison<string> => ({
  title,
  input,
  inputs,
  limit,
  ours: { name: 'parseSetCookie', run: (line) => parseSetCookie(line) },
  peer: { name: `${peer} parseSetCookie`, run: (line) => peerParseSetCookie(line) },
});

const write = (title: string, limit: number, input: string, inputs: string[]): Comparison<string> => ({
  title,
  input,
  inputs,
  limit,
  ours: { name: 'serialize', run: (value) => sid.serialize(value) },
  peer: {
    name: `${peer} stringifySetCookie`,
    run: (value) =>
      stringifySetCookie({ name: 'sid', value, path: '/', httpOnly: true, secure: true, sameSite: 'lax' }),
  },
});

const writeDated: Comparison<{ value: string; expires: Date }> = {
  title: 'the same with Domain and Expires',
  input: 'eight answers a second',
  inputs: dated,
  limit: 0.2,
  ours: { name: 'serialize', run: ({ value, expires }) => wide.serialize(value, { expires }) },
  peer: {
    name: `${peer} stringifySetCookie`,
    run: ({ value, expires }) =>
      stringifySetCookie({
        name: 'sid',
        value,
        domain: 'example.com',
        expires,
        path: '/',
        httpOnly: true,
        secure: true,
        sameSite: 'lax',
      }),
  },
};

const policy = { origins: ['https://shop.example.com'] };
/** Facts as a server of one's own gathers them, without a look at how they are spelt. */
const judging: Comparison<{ site: string; origin: string }> = {
  title: 'honor',
  input: 'a POST of a browser',
  inputs: many((i) => ({
    site: i % 4 === 0 ? 'cross-site' : 'same-origin',
    origin: `https://shop${i}.example.com`,
  })),
  limit: 1,
  ours: {
    name: 'honor',
    run: ({ site, origin }) =>
      honor({ method: 'POST', hasCookie: true, secFetchSite: site, origin } satisfies IncomingFacts, policy),
  },
  peer: { name: 'new URL(origin)', run: ({ origin }) => new URL(origin).origin === policy.origins[0] },
};

/** The same row beside cookie-es. */
const besideEs = (
  row: Comparison<string>,
  name: string,
  run: (input: string) => unknown,
): Comparison<string> => ({
  ...row,
  peer: { name: `${otherPeer} ${name}`, run },
});
const parsing = parse('parse a Cookie header', 0.8, 'corpus, 1 to 14 cookies', cookieHeaders);
const parsingLines = parseLine('parse a Set-Cookie line (`parseSetCookie`)', 0.9, 'corpus', setCookieLines);
const writing = write('write a Set-Cookie line from a definition', 0.5, '43 characters', values);

console.log(
  report('Cookie headers', [
    compare(read('read the last cookie (`readCookie`)', 0.15, 'cookie_19', '20 cookies', headers)),
    compare(read('read one that is absent', 0.06, 'session', '20 cookies', headers)),
    compare(read('read one that is absent', 0.15, 'session', 'corpus, 1 to 14 cookies', cookieHeaders)),
    compare(readDefined),
    compare(parse('parse a Cookie header (`parseCookieHeader`)', 0.8, '20 cookies', headers)),
    compare(parsing),
    compare(besideEs(parsing, 'parseCookie', (header) => cookieEs.parseCookie(header))),
    compare(parse('parse a Cookie header', 1.1, '5 cookies, one of 3 KB', mixedHeaders)),
    compare(writing),
    compare(
      besideEs(writing, 'serializeCookie', (value) =>
        cookieEs.serializeCookie('sid', value, { path: '/', httpOnly: true, secure: true, sameSite: 'lax' }),
      ),
    ),
    compare(writeDated),
    compare(write('write a Set-Cookie line from a definition', 1.1, '3 KB', longValues)),
    compare(judging),
    compare(parsingLines),
    compare(besideEs(parsingLines, 'parseSetCookie', (line) => cookieEs.parseSetCookie(line))),
    compare(parseLine('parse a Set-Cookie line', 1.3, '3 KB', longLines)),
  ]),
);
