import type { Sequence } from '../sequence.ts';
import { lineRow, utf8 } from './line.ts';

const shapes = [
  'a=1',
  'a',
  'a=',
  '=a',
  '=',
  ' ',
  ';',
  '; Path=/',
  '=; Path=/',
  'a=b=c',
  'a==b',
  '=a=b',
  '==a',
  '= a',
  ' a = b ',
  'a=b ; Path=/',
  'a b=c',
  'a=b c',
  'a=  b  c  ',
  'a="b"',
  'a="b;c"',
  'a="b c"',
  'a= "b" ',
  'a=",b',
  'a=b, c=d',
  'a=b,c',
  'a=\\"b\\"',
  'a=%20%3B',
  '%61=b',
  'a=b;Path=/;Secure',
  'a=b;;;;Path=/',
  'a=b; =c',
  'a=b; ; c',
  'a=b; unknown=1; other',
  'a=b; secure=no; httponly=false',
  'a:b=c',
  'a(b)=c',
  'a@b=c',
  'a/b=c',
  '$Version=1',
  'a=$b; $Path=/',
  'a={"b":"c"}',
  'a[b]=c',
  '"a"=b',
  'a.b=c',
  "a'=b'",
  'A=1',
  'a=<script>',
  'a=b?c=d&e=f',
  'a=b#c',
];

const several: [string, string[]][] = [
  ['two of one name', ['a=1', 'a=2']],
  ['names in two cases', ['a=1', 'A=2']],
  ['nameless, then another nameless', ['one', 'two']],
  ['nameless beside a name', ['a', 'a=1']],
  ['nameless with = and without', ['=one', 'two']],
  ['an empty value over a value', ['a=1', 'a=']],
  ['three in their order', ['b=1', 'a=2', 'c=3']],
];

const tabs = ['a=b\tc', 'a=\tb\t', 'a\tb=c', '\ta=b', 'a=b;\tPath=/', 'a=b; Path=/\tx', 'a=b; \tSecure\t'];

const controls = [0x01, 0x08, 0x0b, 0x0c, 0x0e, 0x1b, 0x1f, 0x7f].map((code) => String.fromCharCode(code));

const octets: [string, string][] = [
  ['UTF-8 of two octets', utf8('é')],
  ['UTF-8 of three octets', utf8('日本')],
  ['UTF-8 of four octets', utf8('🍪')],
  ['a lone E9', '\xe9'],
  ['a lone FF', '\xff'],
  ['half a sequence', '\xe2\x82'],
  ['an overlong slash', '\xc0\xaf'],
  ['half a surrogate pair', '\xed\xa0\x80'],
  ['a no-break space of latin1', '\xa0'],
  ['a no-break space of UTF-8', utf8('\u00a0')],
  ['a byte order mark', utf8('\ufeff')],
  ['the replacement character', utf8('\ufffd')],
  ['a C1 control of UTF-8', utf8('\u0085')],
  ['80', '\x80'],
];

const sizes: [string, string][] = [
  ['4095 octets', `a=${'x'.repeat(4_094)}`],
  ['4096 octets', `a=${'x'.repeat(4_095)}`],
  ['4097 octets', `a=${'x'.repeat(4_096)}`],
  ['5000 octets', `a=${'x'.repeat(5_000)}`],
  ['8000 octets', `a=${'x'.repeat(7_999)}`],
  ['a name of 4096 octets', 'n'.repeat(4_096).concat('=')],
  ['a name of 4097 octets', 'n'.repeat(4_097).concat('=')],
  ['4096 octets in pairs of UTF-8', `a=${utf8('é'.repeat(2_047))}x`],
  ['4097 octets in pairs of UTF-8', `a=${utf8('é'.repeat(2_048))}`],
  ['4096 octets over 7F', `a=${'\xe9'.repeat(4_095)}`],
  ['4096 octets and attributes', `a=${'x'.repeat(4_095)}; Path=/; Secure; SameSite=Lax`],
  ['a nameless one of 4096', 'x'.repeat(4_096)],
  ['a nameless one of 4097', 'x'.repeat(4_097)],
  ['a Path of 1024', `a=1; Path=/${'p'.repeat(1_023)}`],
  ['a Path of 1025', `a=1; Path=/${'p'.repeat(1_024)}`],
  ['a Domain of 1025', `a=1; Domain=${'d'.repeat(1_025)}`],
  ['an unknown attribute of 1025', `a=1; x=${'y'.repeat(1_025)}`],
  ['HttpOnly with 1025 octets', `a=1; HttpOnly=${'y'.repeat(1_025)}`],
  ['Secure with 1025 octets', `a=1; Secure=${'y'.repeat(1_025)}`],
  ['Max-Age=0 with 1025 octets', `a=1; Max-Age=${'0'.repeat(1_025)}`],
  ['SameSite with 1025 blanks', `a=1; SameSite=Strict${' '.repeat(1_025)}; Path=/`],
];

/** Names, values and what surrounds them. */
export const textRows: readonly Sequence[] = [
  ...shapes.map((line) => lineRow('names and values', JSON.stringify(line).slice(1, -1), [line])),
  ...several.map(([title, lines]) => lineRow('names and values', title, lines)),
  ...tabs.map((line) => lineRow('tabs', JSON.stringify(line).slice(1, -1), [line])),
  ...controls.flatMap((code) => {
    const name = code.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase();
    return [lineRow('control characters', `${name} in a value`, [`a=b${code}c`])];
  }),
  lineRow('control characters', '01 in a name', ['a\x01b=c']),
  lineRow('control characters', '01 in an attribute', ['a=b; Path=/\x01']),
  lineRow('control characters', '1F at the end', ['a=b\x1f']),
  ...octets.flatMap(([title, octets]) => [
    lineRow('octets', `${title} in a value`, [`a=${octets}`, 'z=1']),
    lineRow('octets', `${title} in a name`, [`n${octets}=a`, 'z=1']),
  ]),
  ...sizes.map(([title, line]) => lineRow('sizes', title, [line, 'z=1'])),
];
