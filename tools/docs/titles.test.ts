import { expect, test } from 'vitest';
import { partsOf, proofCell, titlesIn } from './titles.ts';

const source = `
describe('all of it (ASVS 7.3.1)', () => {
  it.each([1])('S78, ASVS 7.3.2: of %s', () => {});
  test(\`holds \${name} (X9)\`, () => {});
  // S1 is no title
});
export const cases = [{ name: 'S2: from another origin', run() {} }, check('S3 by form')];
`;

test('the texts of the code are its titles; comments are not', () => {
  expect(titlesIn('a.test.ts', source).map(({ text }) => text)).toEqual([
    'all of it (ASVS 7.3.1)',
    'S78, ASVS 7.3.2: of %s',
    'holds … (X9)',
    'S2: from another origin',
    'S3 by form',
  ]);
});

test.each([
  ['S1: sends', 'S1', 'sends'],
  ['S1 S87b K2 sends', 'S1 S87b K2', 'sends'],
  ['S78, ASVS 7.3.2, 7.3.1: of %s', 'S78, ASVS 7.3.2, 7.3.1', 'of %s'],
  ['S1: holds (X9, ASVS 7.3.1)', 'S1 X9, ASVS 7.3.1', 'holds'],
  ['holds (not S1)', '', 'holds (not S1)'],
  ['Mozilla/5.0 (X11; Linux)', '', 'Mozilla/5.0 (X11; Linux)'],
])('the numbers of "%s" are at its start or in brackets at its end', (title, numbers, sentence) => {
  const parts = partsOf(title);
  expect(parts.numbers.match(/(?:ASVS )?[SXK\d][\w.]*,?/g)?.join(' ') ?? '').toBe(numbers);
  expect(parts.sentence).toBe(sentence);
});

test('a proof is a cell with a link', () => {
  expect(proofCell({ file: 'src/x/a.test.ts', text: 'S1: a | b' })).toBe(
    'a \\| b ([a.test.ts](../src/x/a.test.ts))',
  );
});
