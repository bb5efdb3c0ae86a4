import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { parseContents } from '../tools/docs/contents.ts';
import { headingsOf } from '../tools/docs/headings.ts';
import { mapLinks } from '../tools/docs/links.ts';
import { deadLinks } from './dead-links.ts';
import { frontPage } from './front-page.ts';
import { type MarkToken, marksHaveNames, namelessMarks } from './marks.ts';
import { navigation } from './navigation.ts';
import { pagesOf, placesOf } from './pages.ts';
import { withReferenceLinks } from './reference-links.ts';
import { weightOf } from './search.ts';
import { misleading, questions } from './search-problems.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
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

test('a search weighs guides above the reference and the record, and of a code its page above its parts', () => {
  const order = [
    'faq#must-i-save-the-session',
    'sessions#devices',
    'why/timeout#timeout',
    'why/timeout#example',
  ];
  const weights = [...order, 'reference/hallpass/client#timeout', 'changelog#added'].map(weightOf);
  expect(weights).toEqual([...weights].sort((one, other) => other - one));
  expect(new Set(weights).size).toBe(weights.length);
});

test('each section that a search has to find first is there', () => {
  const places = placesOf(root);
  const anchors = new Map(
    [...places].map(([file, place]) => {
      const headings = headingsOf(readFileSync(join(root, file), 'utf8'));
      return [place.replace(/\.md$/, ''), headings.map(({ anchor }) => anchor)];
    }),
  );
  const lost = Object.values(questions).filter((section) => {
    const [page = '', anchor = ''] = section.split('#');
    return !page.startsWith('reference/') && anchors.get(page)?.includes(anchor) !== true;
  });
  expect(lost).toEqual([]);
});

// The built site is asked these questions at the end of each build, in the index that its pages search.
test('a question that leads first to another section is told, and one that leads nowhere', () => {
  const found = { timeout: ['client#deadlines'], deadline: ['client#deadlines', 'changelog#fixed'] };
  const index = {
    search: (query: string) =>
      (found[query as keyof typeof found] ?? []).map((section) => ({ id: `/docs/${section}` })),
  };
  const asked = { timeout: 'client#deadlines', deadline: 'changelog#fixed', idle: 'sessions#idle' };
  expect(misleading(index, '/docs/', asked)).toEqual([
    'a search for "deadline" leads to client#deadlines before changelog#fixed',
    'a search for "idle" leads to nothing before sessions#idle',
  ]);
});

const nameless = '<tr><td>a</td><td>●</td><td>–</td></tr>';

/** The tokens of a table with a head and one row, as markdown-it makes them. */
function tableOf(...rows: string[][]): MarkToken[] {
  const token = (type: string, content = ''): MarkToken => ({ type, content, children: null });
  const row = (cells: string[]) => [token('tr_open'), ...cells.map((cell) => token('inline', cell))];
  return [token('table_open'), ...rows.flatMap(row), token('table_close')];
}
class Token implements MarkToken {
  content = '';
  children = null;
  readonly type: string;
  constructor(type: string) {
    this.type = type;
  }
}

test('each mark of a comparison has a name for who hears the page, and an empty cell between them says that nobody measured', () => {
  const tokens = tableOf(['a', 'b', 'c', 'd'], ['x', '●', '', ''], ['y', '–', '○', '']);
  marksHaveNames({ tokens, Token });
  expect(tokens.flatMap(({ children }) => children?.map(({ content }) => content) ?? [])).toEqual([
    '<span role="img" aria-label="yes">●</span>',
    '<span class="visually-hidden">not measured</span>',
    '<span role="img" aria-label="not its job">–</span>',
    '<span role="img" aria-label="no">○</span>',
  ]);
  const other = tableOf(['a', 'b', 'c'], ['x', '–', '']);
  marksHaveNames({ tokens: other, Token });
  expect(other).toEqual(tableOf(['a', 'b', 'c'], ['x', '–', '']));
});

test('a mark of the built site that has no name is told, and a dash of another table is none', () => {
  const named = '<tr><td>a</td><td><span role="img" aria-label="yes">●</span></td></tr>';
  const html = folderWith({
    'comparison.html': `<table>${nameless}</table>`,
    'fine.html': `<table>${named}</table><table><tr><td>–</td></tr></table>`,
  });
  expect(namelessMarks(html)).toEqual(['comparison.html: 1 marks have no name']);
});
