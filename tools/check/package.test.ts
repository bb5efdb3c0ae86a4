import { expect, test } from 'vitest';
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

test('a link from page to page leads to a page of the package; a link to a source file is for the repository', () => {
  const pages: Record<string, string> = {
    'README.md':
      '[cookies](docs/cookies.md#names) [desk](examples/front-desk/README.md) [web](https://example.com)',
    'docs/cookies.md':
      '[back](../README.md) [test](../src/jar.test.ts) [lost](lost.md) [folder](../examples/front-desk)',
  };
  expect(pageProblems(Object.keys(pages), (file) => pages[file] ?? '')).toEqual([
    'README.md: the link examples/front-desk/README.md leads to a page that is not in the package',
    'docs/cookies.md: the link lost.md leads to a page that is not in the package',
    'docs/cookies.md: the link ../examples/front-desk leads to a page that is not in the package',
  ]);
});
