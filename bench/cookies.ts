// `node bench/cookies.ts`, after a build: cookies on the wire, beside cookie.
import { parseCookie, parseSetCookie as peerParseSetCookie, stringifySetCookie } from 'cookie';
import { defineCookie, parseCookieHeader, parseSetCookie, readCookie } from 'hallpass';
import { cookieHeader, many, pick, token } from './shared/inputs.ts';
import { type Comparison, compare, report, versionOf } from './shared/ratio.ts';

const peer = versionOf('cookie');
const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;
const expires = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 200 * 86_400_000);

const headers = many((i) => cookieHeader(i, 20));
const mixedHeaders = many((i) => `${cookieHeader(i, 2)}; big=${token(i, 3_000)}; ${cookieHeader(i + 64, 2)}`);
const values = many((i) => token(i, 43));
const longValues = many((i) => token(i, 3_000));
const lines = values.map((value) => `sid=${value}; Path=/; HttpOnly; Secure; SameSite=Lax`);
const datedLines = lines.map((line) => `${line}; Expires=Tue, 01 Jun 2027 12:00:00 GMT`);
const longLines = longValues.map((value) => `sid=${value}; Path=/; HttpOnly; Secure; SameSite=Lax`);

const sid = defineCookie('sid');
const wide = defineCookie('sid', { domain: 'example.com' });

const comparisons: Comparison[] = [
  {
    title: 'read the last of 20 cookies (`readCookie`)',
    limit: 0.15,
    ours: { name: 'readCookie', run: (i) => readCookie(pick(headers, i), 'cookie_19') },
    peer: { name: `${peer} parseCookie`, run: (i) => parseCookie(pick(headers, i)).cookie_19 },
  },
  {
    title: 'parse a Cookie header of 20 (`parseCookieHeader`)',
    limit: 0.8,
    ours: { name: 'parseCookieHeader', run: (i) => parseCookieHeader(pick(headers, i)) },
    peer: { name: `${peer} parseCookie`, run: (i) => parseCookie(pick(headers, i)) },
  },
  {
    title: 'parse a Cookie header of 5, one of 3 KB',
    limit: 1.1,
    ours: { name: 'parseCookieHeader', run: (i) => parseCookieHeader(pick(mixedHeaders, i)) },
    peer: { name: `${peer} parseCookie`, run: (i) => parseCookie(pick(mixedHeaders, i)) },
  },
  {
    title: 'write a Set-Cookie line from a definition',
    limit: 0.4,
    ours: { name: 'serialize', run: (i) => sid.serialize(pick(values, i)) },
    peer: {
      name: `${peer} stringifySetCookie`,
      run: (i) => stringifySetCookie({ name: 'sid', value: pick(values, i), ...attributes }),
    },
  },
  {
    title: 'the same with Domain and Expires',
    limit: 0.15,
    ours: { name: 'serialize', run: (i) => wide.serialize(pick(values, i), { expires }) },
    peer: {
      name: `${peer} stringifySetCookie`,
      run: (i) =>
        stringifySetCookie({
          name: 'sid',
          value: pick(values, i),
          domain: 'example.com',
          expires,
          ...attributes,
        }),
    },
  },
  {
    title: 'the same with a value of 3 KB',
    limit: 1.1,
    ours: { name: 'serialize', run: (i) => sid.serialize(pick(longValues, i)) },
    peer: {
      name: `${peer} stringifySetCookie`,
      run: (i) => stringifySetCookie({ name: 'sid', value: pick(longValues, i), ...attributes }),
    },
  },
  {
    title: 'parse a Set-Cookie line (`parseSetCookie`)',
    limit: 0.6,
    ours: { name: 'parseSetCookie', run: (i) => parseSetCookie(pick(lines, i)) },
    peer: { name: `${peer} parseSetCookie`, run: (i) => peerParseSetCookie(pick(lines, i)) },
  },
  {
    title: 'the same with Expires',
    limit: 0.6,
    ours: { name: 'parseSetCookie', run: (i) => parseSetCookie(pick(datedLines, i)) },
    peer: { name: `${peer} parseSetCookie`, run: (i) => peerParseSetCookie(pick(datedLines, i)) },
  },
  {
    title: 'the same with a value of 3 KB',
    limit: 1.1,
    ours: { name: 'parseSetCookie', run: (i) => parseSetCookie(pick(longLines, i)) },
    peer: { name: `${peer} parseSetCookie`, run: (i) => peerParseSetCookie(pick(longLines, i)) },
  },
];

const outcomes = comparisons.map((comparison) => compare(comparison));
console.log(report('Cookie headers', outcomes));
