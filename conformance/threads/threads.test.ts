import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Asked, askAll, tableOf } from './table.ts';
import { threads } from './threads.ts';

let asked: readonly Asked[];
beforeAll(async () => {
  asked = await askAll();
}, 60_000);

test('forty threads were asked in public, each once, and each has a cause', () => {
  expect(new Set(threads.map(({ source }) => source)).size).toBe(40);
  for (const { source, complaint, cause } of threads) {
    expect(source).toMatch(/^https:\/\/github\.com\/[^/]+\/[^/]+\/(issues|pull)\/\d+$/);
    expect(complaint).toMatch(/\.$/);
    expect(cause).toMatch(/^[a-z]+(-[a-z]+)+$/);
  }
});

test('the command names the cause of at least 38 of them', () => {
  const missed = asked.filter(({ command }) => !command).map(({ thread }) => thread.source);
  expect(missed.length, missed.join(' ')).toBeLessThanOrEqual(2);
});

test('the panel names the cause wherever an app sees it happen', () => {
  const missed = asked.filter(({ panel }) => panel === false).map(({ thread }) => thread.source);
  expect(missed).toEqual([]);
});

test('docs/threads.md says so: npm run docs', () => {
  const page = readFileSync(new URL('../../docs/threads.md', import.meta.url), 'utf8');
  expect(page).toBe(tableOf(asked));
});
