import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { setCookieLines } from './corpus.ts';
import { checkInputs } from './fair-inputs.ts';
import { many, token } from './inputs.ts';
import { quoting, quotingLong } from './page.ts';
import { compare } from './ratio.ts';
import { explaining, isBehind, isKept, summary } from './rows.ts';

const row = { what: 'read', input: 'corpus', beside: 'peer@1', measured: 0.5, goal: 0.4 };

test('a bench whose inputs are one, or equal ones, is refused before it is timed', () => {
  const run = () => {
    throw new Error('it was timed');
  };
  const contender = { name: 'none', run };
  for (const inputs of [
    ['a'],
    Array(64).fill('a'),
    Array.from({ length: 64 }, () => ({ value: 'a' })),
    // A counter beside one text makes no other input of it.
    Array.from({ length: 64 }, (_, i) => ({ i, header: 'a=1' })),
    Array.from({ length: 64 }, (_, i) => i),
    // Nor does one in the text.
    Array.from({ length: 64 }, (_, i) => `/page/${i}`),
  ]) {
    const comparison = { title: 'read', input: 'one', inputs, limit: 1, ours: contender, peer: contender };
    expect(() => compare<unknown>(comparison)).toThrow(
      'read: 1 inputs that differ; a fair row has 64 or more.',
    );
  }
  expect(checkInputs({ title: 'read', inputs: many((i) => `a=${token(i, 8)}`) })).toBeUndefined();
});

test('an input is what a contender reads of it: a note that it leaves alone makes no other input', () => {
  const inputs = many((i) => ({ note: token(i, 8), header: 'a=1' }));
  const whole = { name: 'whole', run: (input: object) => JSON.stringify(input) };
  const header = { name: 'header', run: (input: { header: string }) => input.header };
  const row = { title: 'read', input: 'one', inputs, limit: 1, ours: whole, peer: whole };
  expect(compare(row, 1, 1).title).toBe('read');
  for (const pair of [{ ours: header }, { peer: header }])
    expect(() => compare({ ...row, ...pair }, 1, 1)).toThrow('read: 1 inputs that differ');
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
  // A stack without a version in its name is somebody as well.
  expect(isBehind(beside('Express, cors + cookie-parser + csrf-csrf + express-session', 1.36))).toBe(true);
  expect(isBehind(beside('a Map of JSON texts', 4.79))).toBe(true);
  expect(isBehind(beside("CPU of node:http's bare route, kept", 0.5, true))).toBe(false);
  expect(summary([row])).toContain('A peer is ahead in no row.');
  expect(summary([beside('peer@1', 2)])).toContain(
    'A peer is ahead in 1:\n- read (corpus; peer@1): 2, **unexplained**',
  );
  const explained = { ...beside('cookie@2.0.2', 2), what: 'parse a Set-Cookie line' };
  expect(summary([explained])).toContain('2, [0041](decisions/0041-a-long-line-is-looked-at-whole.md)');
  expect(summary([])).toContain('Nothing was measured.');
});

test('every page that explains a row is there', () => {
  for (const page of explaining)
    expect(existsSync(new URL(`../../docs/decisions/${page}.md`, import.meta.url)), page).toBe(true);
});

test('a row that claims to write is refused without a proof, and by a lap that wrote nothing', () => {
  const inputs = many((i) => `a=${token(i, 8)}`);
  let writes = 0;
  const contender = (value: (at: number) => number) => {
    const kept = new Map<string, number>();
    const run = (input: string, at: number) => kept.set(input, value(at));
    return { name: 'map', run, readBack: (input: string) => kept.get(input) };
  };
  const good = contender(() => ++writes);
  const row = { title: 'open, commit', input: 'keys', inputs, limit: 1, ours: good, peer: good };
  expect(compare(row, 1, 1).title).toBe('open, commit');
  // The same values in each lap, as `at` begins anew.
  const idle = contender((at) => at % 64);
  expect(() => compare({ ...row, ours: idle }, 2, 1)).toThrow('map wrote nothing for input 0 in a whole lap');
  const silent = { name: 'silent', run: () => {} };
  expect(() => compare({ ...row, peer: silent }, 1, 1)).toThrow('give silent a readBack');
  expect(() => compare({ ...row, title: 'set, mostly updates', peer: silent }, 1, 1)).toThrow('readBack');
});

test('what a lap may leave as the lap before did is spoilt before each', () => {
  const kept = new Map<string, string>();
  const mark = (input: string) => kept.set(input, 'spoilt');
  const readBack = (input: string) => kept.get(input);
  const writer = { name: 'writer', run: (input: string) => kept.set(input, 'same'), readBack };
  const idle = { name: 'idle', run: () => {}, readBack };
  const inputs = many((i) => `a=${token(i, 8)}`);
  const row = { title: 'updates', input: 'keys', inputs, limit: 1, ours: writer, peer: writer };
  expect(() => compare(row, 2, 1)).toThrow('writer wrote nothing for input 0 in a whole lap');
  const spoilt = { ...writer, spoil: mark };
  expect(compare({ ...row, ours: spoilt, peer: spoilt }, 2, 1).title).toBe('updates');
  const neither = { ...idle, spoil: mark };
  expect(() => compare({ ...row, ours: spoilt, peer: neither }, 2, 1)).toThrow('idle wrote nothing');
});

test('no line of the corpus has expired that does not delete', () => {
  const dates = setCookieLines
    .map((line) => /expires=([^;]*)/i.exec(line)?.[1])
    .filter((date) => date !== undefined);
  const past = dates.filter((date) => Date.parse(date.replaceAll('-', ' ')) < Date.now());
  expect(dates.length).toBe(112);
  expect(new Set(past)).toEqual(new Set(['Thu, 01 Jan 1970 00:00:00 GMT']));
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
  expect(under('behind')).toContain('A peer is ahead in 1:\n- read (corpus; peer@1): 2, **unexplained**');
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
