import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explain } from '../src/why/explained.ts';

const root = new URL('..', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const page = read('docs/errors.md');
const union = /export type ErrorCode =(.*?);/s.exec(read('src/errors.ts'))?.[1] ?? '';
const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code);
/** Each row of a code, by its cells. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| [`'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

test('every code that an error or an answer can carry has a row, and no other code has one', () => {
  const listed = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code));
  expect(codes.length).toBeGreaterThan(20);
  expect([...listed].sort()).toEqual([...codes, 'internal'].sort());
});

test('every code of a row leads to its page, which says what to do, and so does the row', () => {
  for (const code of [...codes, 'internal']) {
    expect(page).toContain(`[\`${code}\`](why/${code}.md)`);
    expect(existsSync(new URL(`docs/why/${code}.md`, root)), code).toBe(true);
    expect(explain(code), code).toMatchObject({ kind: 'error', fix: expect.stringMatching(/\w/) });
  }
  const silent = rows.filter((cells) => cells.slice(1, -1).some((cell) => !/\w/.test(cell)));
  expect(silent).toEqual([]);
  const heads = page.split('\n').filter((line) => line.startsWith('| code |'));
  expect(heads.filter((head) => !head.endsWith('| what to do |'))).toEqual([]);
});

/** Classes of src that extend one that is an error, each with the class that it extends. */
const errorClasses = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !file.endsWith('.test.ts'))
  .flatMap((file) => [...read(file).matchAll(/export class (\w+) extends (\w*Error)\b/g)])
  .map(([, name = '', base = '']) => ({ name, base }));

test('every class of errors that a program can import carries a code and is named on the page', () => {
  const known = new Set(['HallpassError']);
  const published = new Set(
    [...read('docs/api.md').matchAll(/^\| `(\w+)` \| class \|/gm)].map(([, name]) => name),
  );
  const offered = errorClasses.filter(({ name }) => published.has(name));
  for (let before = -1; before < known.size; ) {
    before = known.size;
    for (const { name, base } of offered) if (known.has(base)) known.add(name);
  }
  const withoutCode = offered.filter(({ name }) => !known.has(name));
  expect(withoutCode).toEqual([]);
  expect(known.size).toBeGreaterThan(10);
  expect([...known].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
