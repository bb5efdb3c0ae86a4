import { expect, test } from 'vitest';
import { askCommand } from './ask-command.ts';
import { threads } from './threads.ts';

test('forty threads were asked in public, each once, and each has a cause', () => {
  expect(new Set(threads.map(({ source }) => source)).size).toBe(40);
  for (const { source, complaint, cause } of threads) {
    expect(source).toMatch(/^https:\/\/github\.com\/[^/]+\/[^/]+\/(issues|pull)\/\d+$/);
    expect(complaint).toMatch(/\.$/);
    expect(cause).toMatch(/^[a-z]+(-[a-z]+)+$/);
  }
});

test.each(threads)('hallpass lint names the cause of $source', async ({ input, cause }) => {
  if (input.kind === 'program') return;
  expect(await askCommand(input)).toContain(cause);
});
