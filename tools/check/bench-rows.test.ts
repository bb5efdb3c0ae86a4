import { expect, test } from 'vitest';
import { strangeRows, unlookedInputs } from './bench-rows.ts';

const bench = `
const servers = { ours: 'hallpass' };
const routes = ['read'];
row('parse a line (\`parse\`)', 1);
console.log(\`| Redis, \${count} of us | \${share} |\`);
console.log(\`| \${title}: \${what} | \${share} |\`);
console.log(\`1,000 cookies: saved in \${time} µs.\`);
`;

const strange = (comment: string) =>
  strangeRows(new Map([['src/a.ts', comment]]), new Map([['bench/a.ts', bench]]));

test.each([
  '/** Odd. Bench row: parse a line (`parse`). */',
  '// Odd. Bench row: Redis, 2 of us.',
  '/**\n * Odd. Bench row: hallpass:\n * read.\n */',
  '/* Bench row: 1,000 cookies. */',
])('a row that a bench prints may be named: %s', (comment) => {
  expect(strange(comment)).toEqual([]);
});

test.each(['parse a line', 'hallpass: write', 'Redis'])('a row that no bench prints is found: %s', (row) => {
  expect(strange(`/** Bench row: ${row}. */`)).toEqual([`src/a.ts: no bench prints the row "${row}"`]);
});

test.each([
  ['checkInputs({ title, inputs });', 0],
  ['await compareAwaited(row);', 0],
  ['// Inputs: none; it is a start.', 0],
  ['run();', 1],
])('a bench that records rows looks at its inputs, or says why not: %s', (line, problems) => {
  const text = `import { record } from './shared/rows.ts';\n${line}\n`;
  expect(unlookedInputs(new Map([['bench/a.ts', text]]))).toHaveLength(problems);
});
