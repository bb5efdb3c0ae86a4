import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pagesOf } from '../../../../site/pages.ts';
import { openDesk } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const ask = (path: string) => desk.app.request(`https://testserver${path}`);

test('until the site is built, the documents are pages of the desk, and each of their links leads to a heading', async () => {
  const places = [...pagesOf(fileURLToPath(new URL('../../../..', import.meta.url)), undefined).keys()];
  // One page of each kind that is generated many times; the others all.
  const many = /^(why|decisions)\/(?!index)/;
  const chosen = places.filter((place) => place.endsWith('.md') && !many.test(place));
  const some = ['why/', 'decisions/'].flatMap(
    (folder) => places.find((place) => many.test(place) && place.startsWith(folder)) ?? [],
  );
  const pages = new Map<string, string>();
  const read = async (path: string) => {
    const text = pages.get(path) ?? (await (await ask(path)).text());
    pages.set(path, text);
    return text;
  };
  const dead: string[] = [];
  for (const place of [...chosen, ...some]) {
    const path = `/docs/${place.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}`;
    const article = (await read(path)).split(/<\/?article/)[1] ?? '';
    expect(article, path).toMatch(/<h1 id=/);
    for (const [, href = ''] of article.matchAll(/<a href="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(href)) continue;
      const { pathname, hash } = new URL(href, `https://testserver${path}`);
      const there = await read(pathname);
      const found = there.includes('class="document"') || pathname.endsWith('.txt');
      if (!found || (hash !== '' && !there.includes(` id="${decodeURIComponent(hash.slice(1))}"`)))
        dead.push(`${path}: ${href}`);
    }
  }
  expect(dead).toEqual([]);
}, 60_000);

test('a document that is not there is a page that leads to the list, and the desk says how the site is made', async () => {
  const lost = await ask('/docs/lost');
  expect([lost.status, (await lost.text()).includes('href="/docs/guides"')]).toEqual([404, true]);
  expect((await ask('/docs')).headers.get('location')).toBe('/docs/');
  expect(await (await ask('/docs/')).text()).toContain('npm run site');
  expect(await (await ask('/')).text()).toContain('href="/docs/"');
});

test('an address in the running text of a document is no link', async () => {
  const page = await (await ask('/docs/reasons')).text();
  expect(page).toContain('https://app.example.com');
  expect(page).not.toContain('href="https://app.example.com');
});
