import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What once broke a target. */
export interface Found {
  readonly target: string;
  readonly texts: readonly [string, string];
}

export function foundTexts(): Found[] {
  const files = globSync('tools/fuzz/found/*.json', { cwd: root }).sort();
  return files.map((file) => JSON.parse(readFileSync(`${root}${file}`, 'utf8')) as Found);
}

/** The corpus: every text of the vectors in conformance/, and what once broke something. */
export function corpus(): string[] {
  const files = globSync('conformance/vectors/**/*.json', { cwd: root }).sort();
  const texts = new Set<string>();
  const collect = (value: unknown) => {
    if (typeof value === 'string') texts.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const file of files) collect(JSON.parse(readFileSync(`${root}${file}`, 'utf8')));
  for (const { texts: pair } of foundTexts()) collect(pair);
  return [...texts].filter((text) => text.length < 5000);
}

/** What the formats are made of. */
const pieces = [
  ...[
    '=',
    ';',
    '; ',
    ',',
    '"',
    '\\',
    '%',
    '%00',
    '%2f',
    ' ',
    '\t',
    '\r\n',
    '\0',
    '\x7f',
    'é',
    '\xff',
    '日',
    '\ud800',
  ],
  ...[
    'Path=/',
    'Domain=',
    'Domain=.',
    'Secure',
    'HttpOnly',
    'SameSite=None',
    'Max-Age=',
    'Expires=',
    'Partitioned',
  ],
  ...[
    '__Host-',
    '__Secure-',
    '__proto__',
    'http://',
    'https://',
    '*.',
    '.',
    ':',
    '/',
    '//',
    '@',
    '[::1]',
    '127.0.0.1',
  ],
  ...[
    'example.com',
    'a.example.com',
    'com',
    'null',
    '-1',
    '0',
    '99999999999999999999',
    '1e9',
    'NaN',
    'TRUE',
    '{',
    '}',
    '[',
    ']',
  ],
  ...[
    '{"log":{"entries":[',
    '> GET / HTTP/1.1\n',
    '< HTTP/1.1 200 OK\n',
    '< Set-Cookie: ',
    'Sun, 29 Nov 2026 12:00:00 GMT',
  ],
];

/** A text of the corpus, changed in one to six places. */
export function changed(texts: readonly string[], random: () => number): string {
  const below = (limit: number) => Math.floor(random() * limit);
  const one = (list: readonly string[]) => list[below(list.length)] ?? '';
  let text = one(texts);
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const [start, length] = [below(text.length + 1), below(8)];
    const between = [
      () => one(pieces),
      () => String.fromCharCode(below(256)),
      () => text.slice(start, start + length).repeat(2),
      () => '',
      () => one(texts).slice(below(20), 20 + below(40)),
    ][below(5)];
    text = text.slice(0, start) + between?.() + text.slice(start + (below(2) === 0 ? 0 : length));
  }
  return text;
}
