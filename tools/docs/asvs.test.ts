import { expect, test } from 'vitest';
import { renderAsvs, requirementsOf } from './asvs.ts';
import { chapters } from './asvs-requirements.ts';

test.each([
  ['ASVS 7.2.4, 7.2.1: signs in | out', ['7.2.4', '7.2.1']],
  ['S78, ASVS 7.3.2: of %s', ['7.3.2']],
  ['holds … (X9, ASVS 16.2.5)', ['16.2.5']],
  ['version 7.3.2 of something', []],
])('the title "%s" names %j', (title, ids) => {
  expect(requirementsOf(title)).toEqual(ids);
});

const chapter = {
  title: 'V7',
  requirements: [
    { id: '7.2.4', level: 1, asks: 'A new token.' },
    { id: '7.4.4', level: 2, asks: 'A button.', yours: 'Pages.' },
  ],
} as const;
const proof = { file: 'src/a.test.ts', text: 'ASVS 7.2.4: signs in | out' };

test('a requirement is a row with its proofs, and what is left to the application', () => {
  const page = renderAsvs([proof, { ...proof, text: 'again (ASVS 7.2.4)' }], [chapter]);
  expect(page.slice(page.indexOf('## '))).toBe(`## V7

| Id | Level | What is asked | What proves it |
| --- | --- | --- | --- |
| 7.2.4 | 1 | A new token. | signs in \\| out ([a.test.ts](../src/a.test.ts))<br>again ([a.test.ts](../src/a.test.ts)) |
| 7.4.4 | 2 | A button. | Yours: Pages. |
`);
});

test('where sealed sessions have a column it says what is so with them', () => {
  const sealed = {
    title: 'V7',
    sealed: true,
    requirements: [{ ...chapter.requirements[0], sealed: 'No.' }],
  } as const;
  expect(renderAsvs([proof], [sealed])).toContain('([a.test.ts](../src/a.test.ts)) | No. |\n');
  expect(renderAsvs([proof], [{ ...chapter, sealed: true }])).toContain('| Holds too. |');
});

test('a requirement without a proof, and a proof of nothing known, are refused', () => {
  expect(() => renderAsvs([], [chapter])).toThrow('No test names ASVS 7.2.4.');
  expect(() => renderAsvs([proof, { ...proof, text: 'ASVS 1.2.3: x' }], [chapter])).toThrow(
    'src/a.test.ts names ASVS 1.2.3',
  );
});

test('no requirement stands twice in the table', () => {
  const ids = chapters.flatMap(({ requirements }) => requirements.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});
