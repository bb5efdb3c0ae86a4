import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
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

test('S89 the errata have every falsehood once, with what is said, what happens and what is so here', () => {
  const errata = rows(page, 'Errata');
  expect(errata.map(([number]) => number)).toEqual(Array.from({ length: 35 }, (_, index) => `F${index + 1}`));
  for (const cells of errata) expect(cells.filter((cell) => cell !== '')).toHaveLength(4);
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

test('S52 S90 every Python name that the articles use has ours beside it', () => {
  const ofRequests = rows(read('examples/redirect-auth/README.md'), 'Which name became which');
  const ours = rows(page, 'Python names and ours');
  const tables = [...ofRequests, ...ours].filter(([, name]) => name !== '').map(([python]) => python);
  const used = [
    ...['is_redirect', 'history', 'request.headers', 'hooks', 'session.auth', 'status_code', 'json()'],
    ...['PreparedRequest', 'set_cookie', 'delete_cookie', 'cookies.get', 'Cookie(...)', 'Depends'],
    ...['SessionMiddleware', 'request.session', 'CORSMiddleware', 'HTTPBearer', 'TestClient', 'JSONResponse'],
  ];
  for (const name of used) expect(tables.join('\n')).toContain(name);
});

test('S54 each article has an example that starts by one command', () => {
  for (const name of ['redirect-auth', 'response-cookies', 'session-cookies']) {
    expect(page).toContain(`examples/${name}/README.md`);
    expect(JSON.parse(read(`examples/${name}/package.json`)).scripts.start).toBe('node src/main.ts');
    expect(read(`examples/${name}/README.md`)).toContain('npm start -w ');
  }
});
