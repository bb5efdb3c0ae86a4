import { expect, test } from 'vitest';
import { undocumented } from './examples.ts';

const one = { file: 'src/jar/jar.ts', line: 3, members: [], bases: [] };

test('what has no docstring is caught, and so is a function or a class without an example', () => {
  const exports = [
    { ...one, name: 'openJar', kind: 'function', doc: 'Opens.' },
    { ...one, name: 'Jar', kind: 'class', doc: 'A jar.\n\n@example\n```ts\n```' },
    { ...one, name: 'JarLimits', kind: 'type', doc: 'Limits.' },
    { ...one, name: 'SavedJar', kind: 'type', doc: '' },
  ] as const;
  expect(undocumented({ name: 'hallpass/jar', file: 'src/jar/index.ts', exports })).toEqual([
    'src/jar/jar.ts:3: openJar of hallpass/jar has no @example',
    'src/jar/jar.ts:3: SavedJar of hallpass/jar has no docstring',
  ]);
});
