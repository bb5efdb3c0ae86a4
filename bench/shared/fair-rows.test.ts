import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { quoting, quotingLong } from './page.ts';
import { checkInputs, compare } from './ratio.ts';
import { isBehind, isKept, summary } from './rows.ts';

const row = { what: 'read', input: 'corpus', beside: 'peer@1', measured: 0.5, goal: 0.4 };

test('a bench whose inputs are one, or equal ones, is refused before it is timed', () => {
  const run = () => {
    throw new Error('it was timed');
  };
  const contender = { name: 'none', run };
  for (const inputs of [['a'], Array(64).fill('a'), Array.from({ length: 64 }, () => ({ value: 'a' }))]) {
    const comparison = { title: 'read', input: 'one', inputs, limit: 1, ours: contender, peer: contender };
    expect(() => compare<unknown>(comparison)).toThrow(
      'read: 1 inputs that differ; a fair row has 64 or more.',
    );
  }
  expect(checkInputs({ title: 'read', inputs: Array.from({ length: 64 }, (_, i) => i) })).toBeUndefined();
});

test('the summary lists every row and names each that misses its goal, whichever way the goal goes', () => {
  const atLeast = { ...row, what: 'write', atLeast: true };
  expect([isKept(row), isKept(atLeast)]).toEqual([false, true]);
  const text = summary([row, atLeast]);
  expect(text).toContain('| read | corpus | peer@1 | 0.5 | ≤ 0.4 | **missed** |');
  expect(text).toContain('| write | corpus | peer@1 | 0.5 | ≥ 0.4 | kept |');
  expect(text).toContain('1 of 2 rows miss their goals:\n- read (corpus; peer@1): 0.5, goal 0.4');
  expect(text).not.toContain('- write (corpus; peer@1): 0.5, goal');
});

test('the summary names each row in which a peer is ahead, and no row that stands beside a figure', () => {
  const beside = (beside: string, measured: number, atLeast = false) => ({
    ...row,
    beside,
    measured,
    atLeast,
  });
  expect(isBehind(beside('cookie@2.0.2 parseSetCookie, its decode off', 1.05))).toBe(true);
  expect(isBehind(beside('Cookie of Bun 1.4.5, which decodes', 1.0004))).toBe(false);
  expect(isBehind(beside('undici@8.13.1, request', 0.99, true))).toBe(true);
  expect(isBehind(beside('µs', 6.3))).toBe(false);
  expect(summary([row])).toContain('A peer is ahead in no row.');
  expect(summary([beside('peer@1', 2)])).toContain('A peer is ahead in 1:\n- read (corpus; peer@1): 2');
});

test('the page of performance quotes one run under each of its headings, and keeps what stands by hand', () => {
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
  const printed = `
> npm run bench
## Cookie headers

| what | ours |
| --- | --- |
| read | 0.141 |

## Servers: Node 24

### Express

| server | kept |

## Every row

One run, on a day.

${summary([{ ...row, beside: 'peer@1', measured: 2 }])}
`;
  const quoted = quoting(page, printed);
  expect(quoting(quoted, printed)).toBe(quoted);
  const under = (name: string) =>
    quoted.split(`<!-- bench ${name} -->`)[1]?.split(`<!-- /bench ${name} -->`)[0];
  expect(under('cookies')).toBe('\n\n| what | ours |\n| --- | --- |\n| read | 0.141 |\n\n');
  expect(under('servers')).toBe('\n\n### Express\n\n| server | kept |\n\n');
  expect(under('run')).toBe('\n\nOne run, on a day.\n\n');
  expect(under('behind')).toContain('1 of 1 rows miss their goals:');
  expect(under('behind')).toContain('A peer is ahead in 1:\n- read (corpus; peer@1): 2');
  expect(under('jar')).toBe('\n\nNot measured in this run.\n\n');
  const byHand = (text: string) => text.replace(/(<!-- bench (\w+) -->).*?(<!-- \/bench \2 -->)/gs, '$1$3');
  expect(byHand(quoted)).toBe(byHand(page));
  expect(() => quoting('# Performance', printed)).toThrow('The page has no <!-- bench run -->');
});

test('what a long bench printed stands below its own run, and no later run of the others changes it', () => {
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
  const long = {
    printed: '\n## The SQLite store, 5,000,000 sessions\n\n| rows |\n',
    run: 'One run.',
    behind: 'All.',
  };
  const quoted = quotingLong(page, 'sqlite', long);
  const block = '<!-- bench long sqlite -->\n\nOne run.\n\n| rows |\n\nAll.\n\n<!-- /bench long sqlite -->';
  expect(quoted).toContain(block);
  expect(quoted.replace(block, '')).toBe(
    page.replace(/<!-- bench long sqlite -->.*<!-- \/bench long sqlite -->/s, ''),
  );
  expect(quoting(quoted, '## The SQLite store\n\n| short |\n')).toContain(block);
  for (const name of ['jar-scale', 'memory-scale', 'stores', 'growth'])
    expect(quotingLong(page, name, long)).toContain(`<!-- bench long ${name} -->\n\nOne run.`);
});
