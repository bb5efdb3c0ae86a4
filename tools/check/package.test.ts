import { expect, test } from 'vitest';
import { contentProblems } from './package.ts';

const manifest = {
  bin: { hallpass: './dist/cli/main.js' },
  exports: { '.': './dist/index.js', './package.json': './package.json' },
};
const whole = [
  ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
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
