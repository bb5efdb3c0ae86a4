import { expect, test } from 'vitest';
import { countsOf, survivorsOf } from './survivors.ts';

const place = (line: number, start: number, end: number) => ({
  start: { line, column: start },
  end: { line, column: end },
});

test('a change that no test noticed is named by its line, wherever the line stands', () => {
  const mutant = { mutatorName: 'EqualityOperator', replacement: 'a <= b' };
  const report = (source: string, line: number) => ({
    files: {
      'src/a.ts': {
        source,
        mutants: [
          { ...mutant, status: 'Survived', location: place(line, 8, 13) },
          { ...mutant, status: 'Killed', location: place(line, 8, 13) },
          { ...mutant, status: 'Timeout', location: place(line, 8, 13) },
          { ...mutant, status: 'Ignored', location: place(line, 8, 13) },
        ],
      },
    },
  });
  const [first] = survivorsOf(report('return a < b;', 1));
  const [second] = survivorsOf(report('\n  \nreturn a < b;', 3));
  expect(first).toEqual({ id: 'src/a.ts: a < b → a <= b in return a < b;', at: 'src/a.ts:1:8' });
  expect(second).toEqual({ id: first?.id, at: 'src/a.ts:3:8' });
  expect(countsOf(report('return a < b;', 1))).toEqual({ noticed: 2, judged: 3 });
});
