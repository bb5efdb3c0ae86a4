import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { identifiersIn } from '../tools/check/identifiers.ts';
import { partsOf, titlesBelow } from '../tools/docs/titles.ts';

const root = new URL('..', import.meta.url).pathname;
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');
const page = read('docs/articles.md');

/** The rows of the table below a heading, each as its cells. */
function rows(text: string, heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

/** The names in the code of a cell of Markdown; a code such as `bad-location` is none. */
const namesIn = (cell: string) =>
  [...cell.matchAll(/`([^`]+)`/g)]
    .filter(([, code = '']) => !/^[a-z]+(?:-[a-z]+)+$/.test(code))
    .flatMap(([, code = '']) => code.replaceAll(/'[^']*'/g, '').match(/[a-zA-Z_]\w*/g) ?? []);

test('S89 the errata have every falsehood once, and each has a test that shows what is so here', () => {
  const errata = rows(page, 'Errata').map(([number = '']) => number);
  expect(errata).toEqual(Array.from({ length: 35 }, (_, index) => `F${index + 1}`));
  const named = new Set(
    titlesBelow(root, /F\d/).flatMap(({ text }) => partsOf(text).numbers.match(/F\d+/g) ?? []),
  );
  expect(errata.filter((number) => !named.has(number))).toEqual([]);
  expect([...named].filter((number) => !errata.includes(number))).toEqual([]);
});

test('S89 who finds another mistake is told where to say so', () => {
  expect(page).toContain('(../CONTRIBUTING.md#a-mistake)');
  expect(read('CONTRIBUTING.md')).toContain('\n## A mistake\n');
});

test('S86 each of the five points that article B sums up leads to a guide of the index', () => {
  const index = read('docs/README.md');
  const points = rows(page, 'What B sums up, and where it is explained');
  expect(points).toHaveLength(5);
  for (const [, guide = ''] of points) expect(index).toContain(/\]\((\w+\.md)\)/.exec(guide)?.[1]);
});

test('S53 S147 what is page furniture is out of scope, and said to be', () => {
  expect(page).toMatch(/page furniture is out of scope/);
  for (const word of ['sharing', 'comments', 'newsletters', 'authors']) expect(page).toContain(word);
});

test('S52 every Python name that the articles use has ours beside it, and ours is a name of the library', () => {
  const ofRequests = rows(read('examples/redirect-auth/README.md'), 'Which name became which');
  const table = [...ofRequests, ...rows(page, 'Python names and ours')];
  const used = [
    ...['is_redirect', 'history', 'request.headers', 'hooks', 'session.auth', 'status_code', 'json()'],
    ...['PreparedRequest', 'set_cookie', 'delete_cookie', 'cookies.get', 'Cookie(...)', 'Depends'],
    ...['SessionMiddleware', 'request.session', 'CORSMiddleware', 'HTTPBearer', 'TestClient', 'JSONResponse'],
  ];
  for (const name of used) expect(table.map(([python]) => python).join('\n')).toContain(name);

  const sources = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  const ours = new Set(sources.flatMap((file) => identifiersIn(file, read(file)).map(({ name }) => name)));
  // What the platform calls so, and what an example stands for.
  const others = [
    'String',
    'Date',
    'Response',
    'response',
    'name',
    'content',
    'file',
    'client',
    'pool',
    'app',
    'url',
  ];
  const unknown = table
    .flatMap(([, cell = '']) => namesIn(cell))
    .filter((name) => !ours.has(name) && !others.includes(name));
  expect(unknown).toEqual([]);
});
