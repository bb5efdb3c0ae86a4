import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseContents } from '../tools/docs/contents.ts';
import { mapLinks } from '../tools/docs/links.ts';
import { deadLinks } from './dead-links.ts';
import { frontPage } from './front-page.ts';
import { navigation } from './navigation.ts';
import { pagesOf } from './pages.ts';
import { withReferenceLinks } from './reference-links.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-site-'));
  made.push(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const readme = '# name\n\n[Guides](docs/README.md), [code](src/a.ts).\n';

test('links lead elsewhere or become their words; code keeps what it has', () => {
  const page = '[`a`](a.md) and [b](b.ts) `[c](c.md)`\n\n```md\n[d](d.md)\n```\n\n[e [f]](a.md#x)\n';
  expect(mapLinks(page, (link) => (link.endsWith('.ts') ? undefined : `/${link}`))).toBe(
    '[`a`](/a.md) and b `[c](c.md)`\n\n```md\n[d](d.md)\n```\n\n[e [f]](/a.md#x)\n',
  );
});

test('the contents are chapters of pages, with what a line says besides the title', () => {
  expect(parseContents('# G\n\n## One\n\n- [A](a.md): of `a`\n- [B](b/README.md#c), more\n\ntext\n')).toEqual(
    [
      {
        title: 'One',
        entries: [
          { title: 'A', file: 'docs/a.md', anchor: '', about: 'of `a`' },
          { title: 'B', file: 'docs/b/README.md', anchor: '#c', about: 'more' },
        ],
      },
    ],
  );
});

test('each document has a page, its links lead to pages, and without an address of the sources to no source', () => {
  const root = folderWith({
    'README.md': readme,
    'docs/README.md': '## One\n\n- [A](a.md)\n- [Why](why/README.md)\n',
    'docs/a.md': '[up](../README.md#x) [why](why/README.md) [code](../src/a.ts)',
    'docs/why/README.md': '[a](../a.md)',
    'src/a.ts': '',
  });
  const pages = pagesOf(root, undefined);
  expect([...pages.keys()].sort()).toEqual(['a.md', 'guides.md', 'index.md', 'why/index.md']);
  expect(pages.get('a.md')).toBe('[up](./index.md#x) [why](./why/index.md) code');
  expect(pages.get('why/index.md')).toBe('[a](./../a.md)');
  expect(pages.get('index.md')).toContain('[Guides](./guides.md), code.');
  expect(pagesOf(root, 'https://git.example/blob/main').get('a.md')).toContain(
    '[code](https://git.example/blob/main/src/a.ts)',
  );
  expect(navigation(root, ['reference/hallpass'])[0]).toEqual({
    text: 'One',
    items: [
      { text: 'A', link: '/a' },
      { text: 'Why', link: '/why/' },
    ],
  });
});

test('the first page says what this is before the rest of README.md', () => {
  const page = frontPage('# name\n\n**It does things.** How it\ndoes them.\n\n## Try it\n');
  expect(page).toMatch(
    /^---\n[\s\S]+\n# It does things\n\nHow it\ndoes them\.\n[\s\S]+<\/div>\n\n## Try it\n$/,
  );
  expect(() => frontPage('# name\n\nIt does things.\n')).toThrow('README.md begins otherwise');
});

test('a name of docs/api.md leads to its place in the reference, where it has one', () => {
  const api = '# All\n\n## name/part\n\n| `openAll` | function |\n| `lost` | type |\n';
  const reference = (entryPoint: string) => (entryPoint === 'name/part' ? '### openAll()\n' : undefined);
  expect(withReferenceLinks(api, reference)).toBe(
    api.replace('`openAll`', '[`openAll`](./reference/name/part.md#openall)'),
  );
});

test('a page that docs/README.md does not list is caught', () => {
  const root = folderWith({
    'docs/README.md': '## One\n\n- [A](a.md)\n',
    'docs/a.md': '',
    'docs/lost.md': '',
  });
  expect(() => navigation(root, [])).toThrow('docs/README.md does not list lost.md');
});

test('a link of the built site to no file or no heading is caught', () => {
  const html = folderWith({
    'index.html':
      '<a href="/docs/a#one">ok</a><a href="/docs/a#two">lost</a><a href="https://example.com/">web</a>',
    'a.html': '<h1 id="one">a</h1><a href="./">ok</a><a href="b">gone</a><a href="/elsewhere">out</a>',
  });
  expect(deadLinks(html, '/docs/').sort()).toEqual([
    'a.html: /elsewhere leads to no file',
    'a.html: b leads to no file',
    'index.html: /docs/a#two leads to no heading',
  ]);
});
