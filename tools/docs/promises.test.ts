import { expect, test } from 'vitest';
import { promisesOf, renderPromises, sections } from './promises.ts';

const section = { title: 'Credentials', about: 'About.', promises: { S1: 'It is so.', K2: 'So is this.' } };
const one = { file: 'src/a.test.ts', text: 'S1, ASVS 7.2.4: sends' };
const both = { file: 'src/b.test.ts', text: 'keeps (K2, S1)' };

test('a promise is a row with an anchor and the tests that name it', () => {
  const page = renderPromises([one, both], [section]);
  expect(page.slice(page.indexOf('## '))).toBe(`## Credentials

About.

| | Promise | What proves it |
| --- | --- | --- |
| <a id="s1"></a>S1 | It is so. | sends ([a.test.ts](../src/a.test.ts))<br>keeps ([b.test.ts](../src/b.test.ts)) |
| <a id="k2"></a>K2 | So is this. | keeps ([b.test.ts](../src/b.test.ts)) |
`);
});

test('a promise that no test names, and a number that is no promise, are refused', () => {
  expect(() => renderPromises([one], [section])).toThrow('No test names K2.');
  expect(() => renderPromises([both, { ...one, text: 'S9: x' }], [section])).toThrow(
    'src/a.test.ts names S9',
  );
});

test('mistakes of the articles are no promises, and numbers elsewhere in a title do not count', () => {
  expect(promisesOf('S15 F3 K2 A to B')).toEqual(['S15', 'K2']);
  expect(promisesOf('the sample of S105')).toEqual([]);
});

test('no promise stands twice', () => {
  const numbers = sections.flatMap(({ promises }) => Object.keys(promises));
  expect(new Set(numbers).size).toBe(numbers.length);
});
