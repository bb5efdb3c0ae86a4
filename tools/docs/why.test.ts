import { expect, test } from 'vitest';
import { explainedCodes } from '../../src/why/explained.ts';
import { expectedWhyPages, whyProblems } from './why.ts';

const root = new URL('../..', import.meta.url).pathname;
const pages = expectedWhyPages(root);

test('every code has a page of its own and a row of the index', () => {
  expect(pages.size).toBe(explainedCodes.size + 1);
  for (const code of explainedCodes.keys()) {
    expect(pages.get(`docs/why/${code}.md`)).toMatch(new RegExp(`^# ${code}\n`));
    expect(pages.get('docs/why/README.md')).toContain(`| [\`${code}\`](${code}.md) |`);
  }
});

test('a page has the sentence, the source as a link, its facts, the example as a block, and the guide by its heading', () => {
  const page = pages.get('docs/why/prefix-host.md') ?? '';
  expect(page).toContain('> {name} starts with \\_\\_Host-, so it must be Secure');
  expect(page).toContain(
    '[draft-ietf-httpbis-rfc6265bis-22 §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7)',
  );
  expect(page).toContain('Facts: `{name}`.');
  expect(page).toContain("```ts\nimport { CookieJar } from 'hallpass/jar';\n");
  expect(page).toContain('Read on: [Why was my cookie dropped?](../cookies.md#why-was-my-cookie-dropped)');
});

test('a page that is missing or differs is told', () => {
  const read = (file: string) => (file === 'docs/why/left-origin.md' ? 'an older page' : pages.get(file));
  expect(whyProblems(root, read)).toEqual([
    'docs/why/left-origin.md is not what src/why says: run npm run docs',
  ]);
});
