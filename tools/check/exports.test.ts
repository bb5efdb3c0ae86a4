import { expect, test } from 'vitest';
import { idleExports } from './exports.ts';

const idle = (files: Record<string, string>) =>
  idleExports(new Map(Object.entries(files)), new Set(['src/index.ts']));

test('an export that no other file imports is a problem, whatever is exported', () => {
  const found = idle({
    'src/index.ts': `export const published = 1;`,
    'src/a.ts': [
      'export const one = 1, two = 2;',
      'export function three() {}',
      'export class Four {}',
      'export interface Five {}',
      'export type Six = 6;',
      'const seven = 7;',
      'export { seven as eight };',
      'export default seven;',
    ].join('\n'),
    'src/b.ts': `import { two } from './a.ts';`,
  });
  expect(found.map((line) => line.replace(', which no other file imports', ''))).toEqual([
    'src/a.ts:1 exports one',
    'src/a.ts:2 exports three',
    'src/a.ts:3 exports Four',
    'src/a.ts:4 exports Five',
    'src/a.ts:5 exports Six',
    'src/a.ts:7 exports eight',
    'src/a.ts:8 exports default',
  ]);
});

test('a name is wanted by an import under another name, by a re-export, by all of a file, and by a test', () => {
  const found = idle({
    'src/index.ts': `export { a as published } from './a.ts';\nexport * from './b.ts';`,
    'src/a.ts': 'export const a = 1;\nexport type T = typeof import("./c.ts");',
    'src/e.ts': `import type { T as Type } from './a.ts';`,
    'src/b.ts': 'export const b = 1;',
    'src/c.ts': 'export const c = 1;',
    'src/d.ts': 'export default 1;',
    'src/f.ts': `import d from './d.ts';`,
  });
  expect(found).toEqual([]);
});

test('a test that wants a name is not enough', () => {
  const found = idle({ 'src/a.ts': 'export const a = 1;', 'src/a.test.ts': `import { a } from './a.ts';` });
  expect(found).toEqual(['src/a.ts:1 exports a, which no other file imports']);
});

test('a file that only passes a name on wants it, and must itself be asked for it', () => {
  const found = idle({ 'src/a.ts': `export { b } from './b.ts';`, 'src/b.ts': 'export const b = 1;' });
  expect(found).toEqual(['src/a.ts:1 exports b, which no other file imports']);
});
