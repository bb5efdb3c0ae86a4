import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NamedCommand, Options } from '../../src/cli/command.ts';
import { advisoryProblems } from './advisories.ts';
import { commandLineProblems } from './command-lines.ts';
import { excerptProblems, linkProblems, rowProblems } from './docs.ts';

test('an entry point without a row in a table of the README is caught; prose does not count', () => {
  const readme = [
    'Use `hallpass/jar` at once.',
    '',
    '| Entry point | What |',
    '| --- | --- |',
    '| `hallpass` | kernel |',
  ];
  expect(rowProblems(readme.join('\n'), ['.', './jar', './package.json'])).toEqual([
    'README.md: the table of entry points has no row for `hallpass/jar`',
  ]);
});

test('a link to a missing file or heading is caught; code, web links and good links are left alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'hallpass-links-'));
  try {
    writeFileSync(join(root, 'guide.md'), '# A guide\n\n## Why `this`, and how?\n\n| <a id="s1"></a>S1 |\n');
    const lines = [
      '[good](guide.md) [heading](./guide.md#why-this-and-how) [row](guide.md#s1) [web](https://example.com/x.md)',
      '[gone](gone.md) [lost](guide.md#nowhere) [out](../elsewhere.md)',
      '`[code](in-line.md)`',
      '```',
      '[code](block.md)',
      '```',
      '[reference]: absent.md',
    ];
    writeFileSync(join(root, 'README.md'), lines.join('\n'));
    expect(linkProblems(root, 'README.md')).toEqual([
      'README.md: the link gone.md leads to no file',
      'README.md: the link guide.md#nowhere leads to no heading',
      'README.md: the link ../elsewhere.md leads to no file',
      'README.md: the link absent.md leads to no file',
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('an excerpt that its file does not have, and one of a file that is gone, are caught', () => {
  const block = (...lines: string[]) => ['```tsx', ...lines, '```'].join('\n');
  const page = [
    block('// apps/koa/app.ts', 'one();', 'two();'),
    block('// apps/koa/app.ts', 'two();', 'four();'),
    block('// apps/koa/gone.ts', 'one();'),
    block('one();'),
  ].join('\n\n');
  const read = (file: string) => (file.endsWith('koa/app.ts') ? 'one();\ntwo();\nthree();\n' : undefined);
  expect(excerptProblems('page.md', page, read)).toEqual([
    'page.md: an excerpt is not what conformance/frameworks/apps/koa/app.ts says',
    'page.md: an excerpt is not what conformance/frameworks/apps/koa/gone.ts says',
  ]);
});

test('a command that is not there, and an option that a command has not, are caught', async () => {
  const page = [
    'npx hallpass lint --header "Set-Cookie: a=1; --x" --from https://a.example | tail --nothing',
    'npx hallpass lint --form x -X POST # --not',
    'With `hallpass race URL --felds`, and `hallpass lnit`; hallpass has more.',
  ].join('\n');
  const command = (options: Options): NamedCommand => ({
    summary: '',
    load: async () => ({ usage: '', options, run: async () => 0 }),
  });
  const commands = new Map([
    [
      'lint',
      command({ header: { type: 'string' }, from: { type: 'string' }, X: { type: 'string', short: 'X' } }),
    ],
    ['race', command({ fields: { type: 'string' } })],
  ]);
  expect(await commandLineProblems('page.md', page, commands)).toEqual([
    'page.md: hallpass lint has no option --form',
    'page.md: hallpass race has no option --felds',
    'page.md: there is no command hallpass lnit',
  ]);
});

test('a fault of the changelog names a test that is there', () => {
  const table = (proof: string) =>
    `### Security: faults that were found before 0.2.0\n\n| what | how bad | where | the test |\n| --- | --- | --- | --- |\n| It leaked. | high | all | ${proof} |\n`;
  const read = (file: string) => (file === 'src/a.test.ts' ? "it('S1: keeps tight', () => {});" : undefined);
  expect(advisoryProblems(table('S1: keeps tight (`src/a.test.ts`)'), read)).toEqual([]);
  expect(advisoryProblems(table('later'), read)).toEqual(['CHANGELOG.md: "It leaked." names no test.']);
  expect(
    advisoryProblems(table('S1: keeps tight (`src/a.test.ts`)<br>leaks (`src/b.test.ts`)'), read),
  ).toEqual(['CHANGELOG.md: "It leaked." names "leaks" in src/b.test.ts, and it is not there.']);
  expect(advisoryProblems('', read)).toHaveLength(1);
});
