import type { Act, Sequence, Visit } from '../sequence.ts';
import { lineRow, twoPages, visitRow } from './line.ts';

const secure = 'https://{a}/app/page';
const plain = 'http://{a}/app/page';

const prefixes = ['__Secure-', '__Host-', '__Http-', '__Host-Http-', '__hOsT-', '__SECURE-'];
const attributes = [
  '',
  'Secure',
  'Secure; Path=/',
  'Secure; Path=/; HttpOnly',
  'Secure; Path=/; Domain={a}',
  'Secure; Path=/app; HttpOnly',
  'Path=/; HttpOnly',
];

const nearPrefixes: [string, string[]][] = [
  ['a value that looks like one', ['=__Host-a=1; Secure; Path=/']],
  ['a nameless line that looks like one', ['__Secure-a; Secure']],
  ['a nameless line of another case', ['__hOsT-a; Secure; Path=/']],
  ['__Host without a hyphen', ['__Host=1']],
  ['__Hosta', ['__Hosta=1']],
  ['a blank before it', [' __Host-a=1']],
  ['nothing behind it', ['__Host-=1']],
];

const scripted: string[] = [
  'a=1',
  'a=1; Path=/',
  'a=1; HttpOnly',
  'a=1; Secure',
  '__Secure-a=1; Secure',
  '__Host-a=1; Secure; Path=/',
  '__Http-a=1; Secure; Path=/',
  '__Http-a=1; Secure; Path=/; HttpOnly',
  '__Host-Http-a=1; Secure; Path=/; HttpOnly',
  'a',
  '=a',
  '=a=b',
  'a=é',
  'a=b\tc',
  'a=1; Max-Age=0',
  'a=1; SameSite=Strict',
  'a=1; SameSite=None',
  'a=1; Domain={a}',
  'a=1; Domain={b}',
];

const write = (line: string): Act => ({ write: line });
const ask = (url: string): Act => ({ fetch: { url } });

/** Whether plain http may lay `line` beside or over a Secure cookie that https set at `from`. */
function overlay(title: string, from: string, first: string, at: string, line: string): Sequence {
  const visits: Visit[] = [
    { visit: { url: from, set: [first] } },
    { visit: { url: at, set: [line] }, acts: ['read', ask(at.replace(/[^/]*$/, 'echo'))] },
    { visit: { url: from }, acts: ['read'] },
  ];
  return visitRow('over a Secure cookie', title, visits);
}

const overlays: [string, string, string, string, string][] = [
  ['the same cookie', secure, 'a=1; Secure; Path=/', plain, 'a=2; Path=/'],
  ['a deletion', secure, 'a=1; Secure; Path=/', plain, 'a=2; Path=/; Max-Age=0'],
  ['a longer path', secure, 'a=1; Secure; Path=/', plain, 'a=2; Path=/app'],
  ['a shorter path', secure, 'a=1; Secure; Path=/app', plain, 'a=2; Path=/'],
  ['another path', secure, 'a=1; Secure; Path=/other', plain, 'a=2; Path=/app'],
  ['a Domain over a host-only one', secure, 'a=1; Secure; Path=/', plain, 'a=2; Path=/; Domain={a}'],
  ['host-only over a Domain', secure, 'a=1; Secure; Path=/; Domain={a}', plain, 'a=2; Path=/'],
  [
    'from a host below over a Domain',
    secure,
    'a=1; Secure; Path=/; Domain={a}',
    'http://www.{a}/app/page',
    'a=2; Path=/',
  ],
  [
    'from a host below over host-only',
    secure,
    'a=1; Secure; Path=/',
    'http://www.{a}/app/page',
    'a=2; Path=/',
  ],
  [
    'from a host below for the Domain',
    'https://www.{a}/app/page',
    'a=1; Secure; Path=/',
    'http://other.{a}/app/page',
    'a=2; Path=/; Domain={a}',
  ],
  ['another name', secure, 'a=1; Secure; Path=/', plain, 'b=2; Path=/'],
  ['a name in another case', secure, 'a=1; Secure; Path=/', plain, 'A=2; Path=/'],
  ['a cookie that is not Secure', secure, 'a=1; Path=/', plain, 'a=2; Path=/'],
  ['Secure from plain http', secure, 'a=1; Secure; Path=/', plain, 'a=2; Secure; Path=/'],
  ['over https it may', secure, 'a=1; Secure; Path=/', secure, 'a=2; Path=/'],
];

/** Over HttpOnly cookies, by a script. */
const overHttpOnly: [string, string, string][] = [
  ['the same cookie', 'a=1; Path=/; HttpOnly', 'a=2; Path=/'],
  ['another path', 'a=1; Path=/; HttpOnly', 'a=2; Path=/app'],
  ['a Domain', 'a=1; Path=/; HttpOnly', 'a=2; Path=/; Domain={a}'],
  ['a deletion', 'a=1; Path=/; HttpOnly', 'a=; Path=/; Max-Age=0'],
  ['over a plain one with HttpOnly', 'a=1; Path=/', 'a=2; Path=/; HttpOnly'],
  ['over a plain one', 'a=1; Path=/', 'a=2; Path=/'],
];

/** Secure, HttpOnly, name prefixes, and what may lie over what. */
export const guardRows: readonly Sequence[] = [
  ...prefixes.flatMap((prefix) =>
    attributes.map((given) =>
      lineRow('prefixes', `${prefix}a${given && ': '}${given}`, [`${prefix}a=1${given && '; '}${given}`]),
    ),
  ),
  ...['__Secure-', '__Host-', '__Http-'].map((prefix) =>
    lineRow('prefixes', `${prefix}a from plain http`, [`${prefix}a=1; Secure; Path=/; HttpOnly`], {
      at: plain,
    }),
  ),
  lineRow('prefixes', '__Host-a without a Path at the root', ['__Host-a=1; Secure'], {
    at: 'https://{a}/page',
  }),
  lineRow('prefixes', '__Host-a with an empty Path at the root', ['__Host-a=1; Secure; Path='], {
    at: 'https://{a}/page',
  }),
  lineRow('prefixes', '__Host-a with an empty Domain', ['__Host-a=1; Secure; Path=/; Domain=']),
  lineRow(
    'prefixes',
    '__Host-a of an address that says itself',
    ['__Host-a=1; Secure; Path=/; Domain={ip}'],
    { at: 'https://{ip}/page' },
  ),
  ...nearPrefixes.map(([title, lines]) => lineRow('prefixes', title, lines)),
  lineRow('Secure', 'from plain http', ['a=1; Secure', 'b=2'], { at: plain }),
  lineRow('Secure', 'from plain http of a loopback name', ['a=1; Secure', 'b=2'], {
    at: 'http://{l}/app/page',
  }),
  lineRow('Secure', '__Host- from plain http of a loopback name', ['__Host-a=1; Secure; Path=/', 'b=2'], {
    at: 'http://{l}/app/page',
  }),
  twoPages(
    'Secure',
    'set on https, asked on both',
    ['a=1; Secure; Path=/', 'b=2; Path=/'],
    [secure, plain, secure],
  ),
  twoPages('Secure', 'set on http, asked on https', ['b=2; Path=/'], [plain, secure]),
  ...overlays.map((row) => overlay(...row)),
  ...scripted.map((line) =>
    visitRow('scripts', JSON.stringify(line).slice(1, -1), [
      { visit: { url: secure }, acts: [write(line), 'read', ask('https://{a}/app/echo')] },
    ]),
  ),
  visitRow('scripts', 'Secure by a script on plain http', [
    { visit: { url: plain }, acts: [write('a=1; Secure'), write('b=1'), 'read', ask('http://{a}/app/echo')] },
  ]),
  ...overHttpOnly.map(([title, first, line]) =>
    visitRow('scripts', `over HttpOnly: ${title}`, [
      { visit: { url: secure, set: [first] }, acts: [write(line), 'read', ask('https://{a}/app/echo')] },
    ]),
  ),
  lineRow('scripts', 'HttpOnly is hidden', ['a=1; HttpOnly', 'b=2']),
];
