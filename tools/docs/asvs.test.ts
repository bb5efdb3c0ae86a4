import { expect, test } from 'vitest';
import { proofsIn, renderAsvs } from './asvs.ts';
import { chapters } from './asvs-requirements.ts';

const source = `
describe('all of it (ASVS 7.3.1)', () => {
  it('ASVS 7.2.4, 7.2.1: signs in | out', () => {});
  it.each([1])('S78, ASVS 7.3.2: of %s', () => {});
  test(\`holds \${name} (X9, ASVS 16.2.5)\`, () => {});
  // ASVS 9.9.9 is no title
});
export const cases = [{ name: 'ASVS 3.4.2: from another origin', run() {} }, check('S1, ASVS 3.5.1: by form')];
`;

test('the titles of tests, groups and cases that name requirements are found, however they name them', () => {
  expect(proofsIn('a.test.ts', source)).toEqual([
    { file: 'a.test.ts', ids: ['7.3.1'], sentence: 'all of it' },
    { file: 'a.test.ts', ids: ['7.2.4', '7.2.1'], sentence: 'signs in | out' },
    { file: 'a.test.ts', ids: ['7.3.2'], sentence: 'of %s' },
    { file: 'a.test.ts', ids: ['16.2.5'], sentence: 'holds …' },
    { file: 'a.test.ts', ids: ['3.4.2'], sentence: 'from another origin' },
    { file: 'a.test.ts', ids: ['3.5.1'], sentence: 'by form' },
  ]);
});

const chapter = {
  title: 'V7',
  requirements: [
    { id: '7.2.4', level: 1, asks: 'A new token.' },
    { id: '7.4.4', level: 2, asks: 'A button.', yours: 'Pages.' },
  ],
} as const;
const proof = { file: 'src/a.test.ts', ids: ['7.2.4'], sentence: 'signs in | out' };

test('a requirement is a row with its proofs, and what is left to the application', () => {
  const page = renderAsvs([proof, { ...proof, sentence: 'again' }], [chapter]);
  expect(page.slice(page.indexOf('## '))).toBe(`## V7

| Id | Level | What is asked | What proves it |
| --- | --- | --- | --- |
| 7.2.4 | 1 | A new token. | signs in \\| out ([a.test.ts](../src/a.test.ts))<br>again ([a.test.ts](../src/a.test.ts)) |
| 7.4.4 | 2 | A button. | Yours: Pages. |
`);
});

test('a requirement without a proof, and a proof of nothing known, are refused', () => {
  expect(() => renderAsvs([], [chapter])).toThrow('No test names ASVS 7.2.4.');
  expect(() => renderAsvs([proof, { ...proof, ids: ['1.2.3'] }], [chapter])).toThrow(
    'src/a.test.ts names ASVS 1.2.3',
  );
});

test('no requirement stands twice in the table', () => {
  const ids = chapters.flatMap(({ requirements }) => requirements.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});
