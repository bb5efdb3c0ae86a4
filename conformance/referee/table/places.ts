import type { Sequence } from '../sequence.ts';
import { lineRow, twoPages } from './line.ts';

const own = 'https://{a}/app/page';
const sub = 'https://www.{a}/app/page';

const fromSub = [
  '{a}',
  '.{a}',
  '..{a}',
  '{A}',
  'www.{a}',
  'WWW.{A}',
  '.www.{a}',
  'x.www.{a}',
  'other.{a}',
  '{b}',
  'test',
  '.test',
  'w.{a}',
  'ww.{a}',
  'a',
  '',
  '.',
  '..',
  ' {a} ',
  '"{a}"',
  '{a}.',
  '{a}:443',
  'https://{a}',
  '{a}/',
  '*.{a}',
  '{a},{b}',
  'xn--{a}',
  '\xe9.{a}',
  'localhost',
  '{ip}',
];

const suffixes: [string, string, string][] = [
  ['a host below github.io says itself', 'https://{g}/app/page', '{g}'],
  ['a host below github.io says github.io', 'https://{g}/app/page', 'github.io'],
  ['a host below github.io says io', 'https://{g}/app/page', 'io'],
  ['two below github.io say one below', 'https://www.{g}/app/page', '{g}'],
  ['a host below co.uk says itself', 'https://{k}/app/page', '{k}'],
  ['a host below co.uk says co.uk', 'https://{k}/app/page', 'co.uk'],
  ['two below co.uk say one below', 'https://www.{k}/app/page', '{k}'],
];

const addresses: [string, string[]][] = [
  ['its own address', ['a=1; Domain={ip}']],
  ['its own address with a dot', ['a=1; Domain=.{ip}']],
  ['its own address, then none', ['a=1; Domain={ip}', 'a=2']],
  ['none, then its own address', ['a=1', 'a=2; Domain={ip}']],
  ['the tail of its address', ['a=1; Domain={tail}']],
  ['the tail of its address with a dot', ['a=1; Domain=.{tail}']],
  ['another address', ['a=1; Domain=10.9.0.1']],
];

const several: [string, string[]][] = [
  ['a Domain and none are two cookies', ['a=1; Domain={a}', 'a=2']],
  ['none and a Domain are two cookies', ['a=1', 'a=2; Domain={a}']],
  ['two of Domain, the last one counts', ['a=1; Domain={b}; Domain={a}']],
  ['two of Domain, the last one foreign', ['a=1; Domain={a}; Domain={b}']],
  ['two of Domain, the last one empty', ['a=1; Domain={a}; Domain=']],
  ['two of Domain, the first one empty', ['a=1; Domain=; Domain={a}']],
  ['a dot and none are one domain', ['a=1; Domain=.{a}', 'a=2; Domain={a}']],
];

const paths = [
  '/',
  '/app',
  '/app/',
  '/app/page',
  '/ap',
  '/APP',
  'app',
  '',
  '.',
  '//app',
  '/app//',
  '/other',
  '"/app"',
  ' /app ',
  '/app?x',
  '/app#x',
  '/%61pp',
  '/app/../app',
  '/app/.',
  '/a;pp',
  '\\app',
  '/app\\',
];

const pairsOfPaths: [string, string[]][] = [
  ['two of Path, the last one counts', ['a=1; Path=/other; Path=/app']],
  ['two of Path, the last one relative', ['a=1; Path=/other; Path=app']],
  ['two of Path, the last one empty', ['a=1; Path=/other; Path=']],
  ['the longer path goes first', ['a=1; Path=/', 'b=2; Path=/app', 'c=3; Path=/app/']],
  ['one name on two paths', ['a=1; Path=/', 'a=2; Path=/app']],
];

const requestPaths: [string, string, string][] = [
  ['/app', '/app', 'a=1; Path=/app'],
  ['/apple', '/apple/page', 'a=1; Path=/app'],
  ['/app/', '/app', 'a=1; Path=/app/'],
  ['/%61pp for /app', '/%61pp/page', 'a=1; Path=/app'],
  ['/app for /%61pp', '/app/page', 'a=1; Path=/%61pp'],
  ['/a%2fb for /a', '/a%2fb', 'a=1; Path=/a'],
  ['/a%20b for /a b', '/a%20b/page', 'a=1; Path=/a b'],
  ['/a%20b for /a%20b', '/a%20b/page', 'a=1; Path=/a%20b'],
  ['/é for /é in octets', '/%C3%A9/page', 'a=1; Path=/\xc3\xa9'],
  ['/App for /app', '/App/page', 'a=1; Path=/app'],
  ['//app for /', '//app/page', 'a=1; Path=/'],
];

const defaults: [string, string][] = [
  ['a page in a folder', 'https://{a}/app/page'],
  ['a page at the root', 'https://{a}/page'],
  ['a folder', 'https://{a}/app/folder/'],
  ['two slashes', 'https://{a}/app//page'],
  ['an escaped slash', 'https://{a}/app%2Fpage'],
];

/** Domain and Path. */
export const placeRows: readonly Sequence[] = [
  ...fromSub.map((domain) =>
    lineRow(
      'Domain',
      `www. says ${domain === '' ? '(nothing)' : domain}`,
      [`a=1; Path=/; Domain=${domain}`],
      {
        at: sub,
        asks: [
          'https://www.{a}/app/echo',
          'https://{a}/echo',
          'https://other.{a}/echo',
          'https://x.www.{a}/echo',
        ],
      },
    ),
  ),
  lineRow('Domain', 'the site says a host below it', ['a=1; Path=/; Domain=www.{a}'], {
    asks: ['https://{a}/echo', 'https://www.{a}/echo'],
  }),
  lineRow('Domain', 'no Domain, asked from below', ['a=1; Path=/'], {
    asks: ['https://{a}/echo', 'https://www.{a}/echo'],
  }),
  ...suffixes.map(([title, at, domain]) =>
    lineRow('Domain', title, [`a=1; Path=/; Domain=${domain}`], {
      at,
      asks: [at.replace('page', 'echo'), at.replace('https://', 'https://x.').replace('page', 'echo')],
    }),
  ),
  ...addresses.map(([title, lines]) =>
    lineRow('Domain', `an address: ${title}`, lines, { at: 'https://{ip}/app/page' }),
  ),
  ...several.map(([title, lines]) =>
    lineRow('Domain', title, lines, { asks: ['https://{a}/app/echo', 'https://www.{a}/app/echo'] }),
  ),
  ...paths.map((path) =>
    lineRow('Path', path === '' ? '(empty)' : path, [`a=1; Path=${path}`], {
      asks: ['https://{a}/app/echo', 'https://{a}/', 'https://{a}/app', 'https://{a}/apple'],
    }),
  ),
  ...pairsOfPaths.map(([title, lines]) => lineRow('Path', title, lines)),
  ...requestPaths.map(([title, path, line]) =>
    twoPages('Path', `the request ${title}`, [line], [own, `https://{a}${path}`]),
  ),
  ...defaults.map(([title, at]) =>
    lineRow('Path', `none: ${title}`, ['a=1'], {
      at,
      asks: [
        'https://{a}/',
        'https://{a}/app',
        'https://{a}/app/',
        'https://{a}/app/echo',
        'https://{a}/app/folder/echo',
        'https://{a}/app//echo',
      ],
    }),
  ),
];
