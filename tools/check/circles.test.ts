import { expect, test } from 'vitest';
import { circlesOf } from './circles.ts';

const found = (files: Record<string, string>) => circlesOf(new Map(Object.entries(files)));

test('a circle is told by the files on it, the shortest way round, whether it carries values or types', () => {
  const circles = found({
    'src/a.ts': `import { b } from './b.ts';\nimport { c } from './c.ts';`,
    'src/b.ts': `import { c } from './c.ts';`,
    'src/c.ts': `import type { A } from './a.ts';`,
    'src/main.ts': `import './a.ts';`,
  });
  expect(circles).toEqual([['src/a.ts', 'src/c.ts', 'src/a.ts']]);
});

test('two groups are two circles, and a file that imports itself is one', () => {
  const circles = found({
    'src/a.ts': `export { b } from './folder/b.ts';`,
    'src/folder/b.ts': `export * from '../a.ts';`,
    'src/self.ts': `import './self.ts';`,
  });
  expect(circles).toEqual([
    ['src/a.ts', 'src/folder/b.ts', 'src/a.ts'],
    ['src/self.ts', 'src/self.ts'],
  ]);
});

test('two ways to one file are no circle', () => {
  const circles = found({
    'src/a.ts': `import './b.ts'; import './c.ts'; import 'vitest';`,
    'src/b.ts': `import './d.ts';`,
    'src/c.ts': `import './d.ts';`,
    'src/d.ts': '',
  });
  expect(circles).toEqual([]);
});
