import { expect, test } from 'vitest';
import { tooLong } from './lengths.ts';

test('a file of more than 400 lines is too long, a test and a tool too', () => {
  const line = 'export {};\n';
  const files = { 'src/a.ts': 400, 'src/b.ts': 401, 'src/c.test.ts': 500, 'tools/d.ts': 401 };
  const sources = new Map(Object.entries(files).map(([file, count]) => [file, line.repeat(count)]));
  expect(tooLong(sources).map((problem) => problem.split(' ')[0])).toEqual([
    'src/b.ts:401',
    'src/c.test.ts:500',
    'tools/d.ts:401',
  ]);
});
