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
import type { Comparison } from './shared/comparison.ts';
import { cookieHeaders, setCookieLines } from './shared/corpus.ts';
import { cookieHeader, many, token } from './shared/inputs.ts';
import { versionOf } from './shared/peers.ts';
import { compare, report } from './shared/ratio.ts';

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
/** Answers, so many in the same second: their dates repeat within it, and differ from one to the next. */
const dated = (inOneSecond: number) =>
  values.map((value, i) => ({
    value,
    expires: new Date(today + 200 * day + Math.floor(i / inOneSecond) * 1_000),
  }));

const sid = defineCookie('sid');
const last = defineCookie('cookie_19');
const wide = defineCookie('sid', { domain: 'example.com' });

/** The peers decode percent codes in every value as they parse; ours decodes a value that is read. Rows of what is not read stand once as the peers' users call them, and once without. */
const asItCame = { decode: (value: string) => value };
const asUsed = ', which decodes';
const undecoded = ', its decode off';

const read = (title: string, limit: number, name: string, input: string, inputs: string[]) => ({
  title,
  input,
  inputs,
  limit,
  ours: { name: 'readCookie', run: (header: string) => readCookie(header, name) },
  peer: { name: `${peer} parseCookie${asUsed}`, run: (header: string) => parseCookie(header)[name] },
});

const readDefined: Comparison<string> = {
  title: 'read a defined cookie',
  input: '20 cookies',
  inputs: headers,
  limit: 0.15,
  ours: { name: 'read', run: (header) => last.read(header) },
  peer: { name: `${peer} parseCookie${asUsed}`, run: (header) => parseCookie(header).cookie_19 },
};

const parse = (title: string, limit: number, input: string, inputs: string[]): Comparison<string> => ({
  title,
  input,
  inputs,
  limit,
  ours: { name: 'parseCookieHeader', run: (header) => parseCookieHeader(header) },
  peer: { name: `${peer} parseCookie${asUsed}`, run: (header) => parseCookie(header) },
});

const parseLine = (title: string, limit: number, input: string, inputs: string[]): Comparison<string> => ({
  title,
  input,
  inputs,
  limit,
  ours: { name: 'parseSetCookie', run: (line) => parseSetCookie(line) },
  peer: { name: `${peer} parseSetCookie${asUsed}`, run: (line) => peerParseSetCookie(line) },
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

const writeDated = (input: string, inOneSecond: number): Comparison<{ value: string; expires: Date }> => ({
  title: 'the same with Domain and Expires',
  input,
  inputs: dated(inOneSecond),
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
});

const shop = (i: number) => `https://${token(i, 8)}.example.com`;
const policy = { origins: [shop(1), shop(17), shop(33), shop(49)] };
const sites = ['same-origin', undefined, 'cross-site', undefined];
/** Facts as a server of one's own gathers them, without a look at how they are spelt. No peer judges them: beside it stands the least that a check by Origin would do. */
const judging: Comparison<{ site?: string; origin: string }> = {
  title: 'honor',
  input: 'POSTs, half of them judged by Origin',
  inputs: many((i) => ({ site: sites[i % 4], origin: shop(i) })),
  limit: 1,
  ours: {
    name: 'honor',
    run: ({ site, origin }) =>
      honor({ method: 'POST', hasCookie: true, secFetchSite: site, origin } satisfies IncomingFacts, policy),
  },
  peer: {
    name: 'nobody: new URL(origin), looked up in a list',
    run: ({ origin }) => policy.origins.includes(new URL(origin).origin),
  },
};

/** The same row beside another peer, or beside another way to call it. */
const beside = <Input>(
  row: Comparison<Input>,
  name: string,
  run: (input: Input) => unknown,
): Comparison<Input> => ({
  ...row,
  peer: { name, run },
});
const parsedAsItCame = (row: Comparison<string>) =>
  beside(row, `${peer} parseCookie${undecoded}`, (header) => parseCookie(header, asItCame));
const lineAsItCame = (row: Comparison<string>) =>
  beside(row, `${peer} parseSetCookie${undecoded}`, (line) => peerParseSetCookie(line, asItCame));
const besideEs = <Input>(row: Comparison<Input>, name: string, run: (input: Input) => unknown) =>
  beside(row, `${otherPeer} ${name}`, run);
const parsedByEs = (row: Comparison<string>) => [
  besideEs(row, `parseCookie${asUsed}`, (header) => cookieEs.parseCookie(header)),
  besideEs(row, `parseCookie${undecoded}`, (header) => cookieEs.parseCookie(header, asItCame)),
];
const lineByEs = (row: Comparison<string>) => [
  besideEs(row, `parseSetCookie${asUsed}`, (line) => cookieEs.parseSetCookie(line)),
  besideEs(row, `parseSetCookie${undecoded}`, (line) => cookieEs.parseSetCookie(line, { decode: false })),
];
const writtenByEs = (row: Comparison<string>) =>
  besideEs(row, 'serializeCookie', (value) =>
    cookieEs.serializeCookie('sid', value, { path: '/', httpOnly: true, secure: true, sameSite: 'lax' }),
  );
const datedByEs = (row: ReturnType<typeof writeDated>) =>
  besideEs(row, 'serializeCookie', ({ value, expires }) =>
    cookieEs.serializeCookie('sid', value, {
      domain: 'example.com',
      expires,
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
    }),
  );
/** Users of cookie-es read one cookie by its `filter`, which is made once. */
const oneByFilter = (row: Comparison<string>, name: string) => {
  const only = { filter: (key: string) => key === name };
  return besideEs(
    row,
    `parseCookie, its filter${asUsed}`,
    (header) => cookieEs.parseCookie(header, only)[name],
  );
};
const lastOfTwenty = read('read the last cookie (`readCookie`)', 0.15, 'cookie_19', '20 cookies', headers);
const absentOfTwenty = read('read one that is absent', 0.06, 'session', '20 cookies', headers);
const absent = read('read one that is absent', 0.15, 'session', 'corpus, 1 to 14 cookies', cookieHeaders);
const parsing = parse('parse a Cookie header', 0.8, 'corpus, 1 to 14 cookies', cookieHeaders);
const parsingLines = parseLine('parse a Set-Cookie line (`parseSetCookie`)', 0.9, 'corpus', setCookieLines);
const parsingTwenty = parse('parse a Cookie header (`parseCookieHeader`)', 0.8, '20 cookies', headers);
const parsingMixed = parse('parse a Cookie header', 1.1, '5 cookies, one of 3 KB', mixedHeaders);
const parsingLong = parseLine('parse a Set-Cookie line', 1.3, '3 KB', longLines);
const writing = write('write a Set-Cookie line from a definition', 0.5, '43 characters', values);
const writingLong = write('write a Set-Cookie line from a definition', 1.1, '3 KB', longValues);
const writingEight = writeDated('eight answers a second', 8);
const writingEach = writeDated('each answer in a second of its own', 1);
const timed = (row: Comparison<string>) => compare(row);

console.log(
  report('Cookie headers', [
    compare(lastOfTwenty),
    compare({ ...oneByFilter(lastOfTwenty, 'cookie_19'), limit: 1 }),
    compare(absentOfTwenty),
    compare({ ...oneByFilter(absentOfTwenty, 'session'), limit: 1 }),
    compare(parsedAsItCame(absentOfTwenty)),
    compare(absent),
    compare({ ...oneByFilter(absent, 'session'), limit: 1 }),
    compare(parsedAsItCame(absent)),
    compare(readDefined),
    compare(parsingTwenty),
    compare(parsedAsItCame(parsingTwenty)),
    ...parsedByEs(parsingTwenty).map(timed),
    compare(parsing),
    compare(parsedAsItCame(parsing)),
    ...parsedByEs(parsing).map(timed),
    compare(parsingMixed),
    compare(parsedAsItCame(parsingMixed)),
    ...parsedByEs(parsingMixed).map(timed),
    compare(writing),
    compare(writtenByEs(writing)),
    ...[writingEight, writingEach].flatMap((row) => [compare(row), compare(datedByEs(row))]),
    compare(writingLong),
    compare(writtenByEs(writingLong)),
    compare(judging),
    compare(parsingLines),
    compare(lineAsItCame(parsingLines)),
    ...lineByEs(parsingLines).map(timed),
    compare(parsingLong),
    compare(lineAsItCame(parsingLong)),
    ...lineByEs(parsingLong).map(timed),
  ]),
);
