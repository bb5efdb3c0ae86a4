import { expect, test } from 'vitest';
import { publishedPage } from '../release/page.ts';
import { contentProblems, pageProblems } from './package.ts';

const manifest = {
  bin: { hallpass: './dist/cli/main.js' },
  exports: { '.': './dist/index.js', './package.json': './package.json' },
};
const whole = [
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'],
  ...['docs/cookies.md', 'examples/front-desk/README.md'],
  ...['dist/cli/main.d.ts', 'dist/cli/main.js', 'dist/index.d.ts', 'dist/index.js', 'dist/time.js'],
];

test('a whole package passes', () => {
  expect(contentProblems(manifest, whole)).toEqual([]);
});

test('a missing file and a stranger are caught', () => {
  const files = whole.filter((file) => file !== 'LICENSE' && file !== 'dist/index.d.ts');
  expect(contentProblems(manifest, [...files, 'dist/time.test.js', '.env'])).toEqual([
    'the package lacks dist/index.d.ts',
    'the package lacks LICENSE',
    expect.stringContaining('the package holds dist/time.test.js'),
    expect.stringContaining('the package holds .env'),
  ]);
});

test('every link of a packed page leads to what is in the package, or to the web', () => {
  const pages: Record<string, string> = {
    'README.md':
      '[cookies](docs/cookies.md#names) [desk](examples/front-desk/README.md) [web](https://example.com)',
    'docs/cookies.md':
      '[back](../README.md) [here](#x) [test](../src/jar.test.ts) [lost](lost.md) [folder](../examples/front-desk)',
  };
  expect(pageProblems(Object.keys(pages), (file) => pages[file] ?? '')).toEqual([
    'README.md: a link leads to examples/front-desk/README.md, which is not in the package',
    'docs/cookies.md: a link leads to src/jar.test.ts, which is not in the package',
    'docs/cookies.md: a link leads to docs/lost.md, which is not in the package',
    'docs/cookies.md: a link leads to examples/front-desk, which is not in the package',
  ]);
});

test('what a page cites of the repository stays as words when it is published; a link to a lost page stays, to be found', () => {
  const page =
    '[jar.test.ts](../src/jar.test.ts) and [back](../README.md#x), [lost](lost.md), [web](https://example.com/a.ts)';
  expect(publishedPage('docs/cookies.md', page, new Set(['README.md', 'docs/cookies.md']))).toBe(
    'jar.test.ts and [back](../README.md#x), [lost](lost.md), [web](https://example.com/a.ts)',
  );
});
