import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderApi } from './api.ts';
import { entryPoints, firstSentence } from './exports.ts';
import { renderOptions } from './options.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hallpass-exports-'));
  mkdirSync(join(root, 'src/jar'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Record<string, string>) {
  const exports = {
    '.': './dist/index.js',
    './jar': './dist/jar/index.js',
    './package.json': './package.json',
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ exports }));
  for (const [file, source] of Object.entries(files)) writeFileSync(join(root, 'src', file), source);
}

test('what an entry point exports is found where it is declared, with kind, line and docstring', () => {
  write({
    'index.ts': [
      `export { open as openJar, type Jar } from './jar/jar.ts';`,
      `import { size } from './jar/jar.ts';`,
      'export { size };',
      `export * from './jar/more.ts';`,
      '/** Here itself. */',
      'export const local = () => 1;',
    ].join('\n'),
    'jar/index.ts': '',
    'jar/jar.ts': [
      '/**',
      ' * Opens a {@link Jar}. And more.',
      ' * @throws TypeError sometimes',
      ' */',
      'export function open(name: string): Jar;',
      'export function open(): Jar { return new Jar(); }',
      '/** A jar. */',
      'export class Jar {}',
      '// no docstring',
      'export const size = 3;',
    ].join('\n'),
    'jar/more.ts': '/** Left. */\nexport interface More {}\n',
  });
  const [kernel] = entryPoints(root);
  expect(kernel?.name).toBe('hallpass');
  expect(
    kernel?.exports.map(({ name, kind, file, line, doc }) => [
      name,
      kind,
      `${file}:${line}`,
      firstSentence(doc),
    ]),
  ).toEqual([
    ['openJar', 'function', 'src/jar/jar.ts:5', 'Opens a `Jar`.'],
    ['Jar', 'class', 'src/jar/jar.ts:8', 'A jar.'],
    ['size', 'value', 'src/jar/jar.ts:10', ''],
    ['More', 'type', 'src/jar/more.ts:2', 'Left.'],
    ['local', 'function', 'src/index.ts:6', 'Here itself.'],
  ]);
  const page = renderApi(entryPoints(root));
  expect(page).toContain('| `openJar` | function | Opens a `Jar`. |');
  expect(page.indexOf('`size`')).toBeLessThan(page.indexOf('`More`'));
});

test('options are tables, with those of what a type is made of, unless these have a table of their own', () => {
  write({
    'index.ts': `export type { AllOptions, ClientOptions, NamedOptions } from './jar/jar.ts';`,
    'jar/index.ts': '',
    'jar/jar.ts': [
      'interface Hidden { /** Deep. Default: 1. */ deep?: number }',
      'export interface NamedOptions { named?: string }',
      '/** Options of it. */',
      'export interface ClientOptions extends Hidden, NamedOptions {',
      '  /** Where | when. @default x */',
      "  base: string | 'b';",
      '  /** Told. */',
      '  onTrace?(trace: {',
      '    a: 1 }): void;',
      '}',
      'export type AllOptions = Hidden & { more?: true };',
    ].join('\n'),
  });
  const page = renderOptions(entryPoints(root));
  expect(page).toContain("| `base` (required) | `string \\| 'b'` | Where \\| when. |");
  expect(page).toContain('| `onTrace` | `(trace: { a: 1 }) => void` | Told. |');
  expect(page.match(/\| `deep` \| `number` \| Deep\. Default: 1\. \|/g)).toHaveLength(2);
  expect(page).toContain('And those of `NamedOptions`.');
  expect(page).toContain('| `more` | `true` |');
});

test.each([
  ['One. Two.', 'One.'],
  ['Over\ntwo lines, as rfc6265bis §5.6 says. Two', 'Over two lines, as rfc6265bis §5.6 says.'],
  ['Nothing more\n\n@example x', 'Nothing more'],
  ['@default 3', ''],
])('the first sentence of %j is %j', (doc, sentence) => {
  expect(firstSentence(doc)).toBe(sentence);
});
