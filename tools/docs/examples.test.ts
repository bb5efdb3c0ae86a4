import { expect, test } from 'vitest';
import { examplesIn } from './examples.ts';

const source = `
/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * console.log(1 + 1); // → 2
 *
 * if (true) {
 *   f('@example');
 * }
 * \`\`\`
 * @example
 * \`\`\`ts on redis
 * connect();
 * \`\`\`
 */
export const add = 1;
// @example is no docstring
`;

test('each example of a docstring is found, with its place, and what it runs on', () => {
  expect(examplesIn('src/a.ts', source)).toEqual([
    {
      at: 'src/a.ts:2',
      code: "console.log(1 + 1); // → 2\n\nif (true) {\n  f('@example');\n}\n",
    },
    { at: 'src/a.ts:2', code: 'connect();\n', on: 'redis' },
  ]);
});

test('an example without a fence is refused', () => {
  expect(() => examplesIn('src/a.ts', '/** @example f() */')).toThrow('src/a.ts:1: an @example is a block');
});
