import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { commands } from '../../src/cli/commands.ts';
import { apiTarget, expectedApiPage } from '../docs/api.ts';
import { asvsTarget, expectedAsvsPage } from '../docs/asvs.ts';
import { browsersTarget, expectedBrowsersPage } from '../docs/browsers.ts';
import { headingsOf, withoutCode } from '../docs/headings.ts';
import { leadsToTheWeb, linksOf } from '../docs/links.ts';
import { expectedLlms, llmsTarget } from '../docs/llms.ts';
import { expectedMutationPage, mutationTarget } from '../docs/mutation.ts';
import { expectedOptionsPage, optionsTarget } from '../docs/options.ts';
import { expectedPromisesPage, promisesTarget } from '../docs/promises.ts';
import { expectedPage, target } from '../docs/reasons.ts';
import { expectedThreatModel, threatModelTarget } from '../docs/threat-model.ts';
import { whyProblems } from '../docs/why.ts';
import { advisoryProblems } from './advisories.ts';
import type { Check } from './check.ts';
import { commandLineProblems } from './command-lines.ts';

/** The documents say what the code does: reasons, requirements and promises with their tests, doors, excerpts, command lines, and links that lead somewhere. */
export const docs: Check = {
  name: 'docs',
  async run(root) {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
    const read = (file: string) =>
      existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;
    const problems: string[] = [];
    if (read(target) !== (await expectedPage(root))) {
      problems.push(`${target} is not what src/scope/reasons.ts says: run npm run docs`);
    }
    const generated = [
      [apiTarget, expectedApiPage, 'the sources'],
      [optionsTarget, expectedOptionsPage, 'the sources'],
      [asvsTarget, expectedAsvsPage, 'the titles of the tests'],
      [threatModelTarget, expectedThreatModel, 'the titles of the tests'],
      [promisesTarget, expectedPromisesPage, 'the titles of the tests'],
      [browsersTarget, expectedBrowsersPage, 'the logs of the referee'],
      [mutationTarget, expectedMutationPage, 'the last campaigns'],
      [llmsTarget, expectedLlms, 'docs/README.md'],
    ] as const;
    for (const [page, expected, from] of generated) {
      try {
        if (read(page) !== expected(root)) {
          problems.push(`${page} is not what ${from} say: run npm run docs`);
        }
      } catch (error) {
        problems.push(`${page} cannot be written: ${error instanceof Error ? error.message : error}`);
      }
    }
    problems.push(...whyProblems(root, read));
    problems.push(...advisoryProblems(read('CHANGELOG.md') ?? '', read));
    problems.push(...rowProblems(read('README.md') ?? '', Object.keys(exports)));
    const ignored = (path: string) => /(^|\/)(node_modules|dist|\.git)$/.test(path);
    for (const file of globSync('**/*.md', { cwd: root, exclude: ignored })) {
      const text = read(file) ?? '';
      problems.push(...linkProblems(root, file), ...excerptProblems(file, text, read));
      problems.push(...(await commandLineProblems(file, text, commands)));
    }
    return { problems };
  },
};

/** Entry points of package.json that have no row in a table of the README. */
export function rowProblems(readme: string, entries: readonly string[]): string[] {
  const rows = readme.split('\n').filter((line) => line.startsWith('|'));
  return entries
    .filter((entry) => entry !== './package.json')
    .map((entry) => `hallpass${entry.slice(1)}`)
    .filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))
    .map((name) => `README.md: the table of entry points has no row for \`${name}\``);
}

/** Code of a page that names its file, as `// apps/koa/app.ts`, and does not stand there. */
export function excerptProblems(
  page: string,
  text: string,
  read: (file: string) => string | undefined,
): string[] {
  return [...text.matchAll(/^```\w+\n\/\/ (apps\/\S+)\n(.*?)\n```$/gms)]
    .filter(([, file, code = '']) => !`\n${read(`conformance/frameworks/${file}`)}`.includes(`\n${code}\n`))
    .map(([, file]) => `${page}: an excerpt is not what conformance/frameworks/${file} says`);
}

/** Relative links of a document that lead to no file, or to no heading of it. */
export function linkProblems(root: string, file: string): string[] {
  const problems: string[] = [];
  for (const link of linksOf(readFileSync(join(root, file), 'utf8'))) {
    if (leadsToTheWeb(link)) continue;
    const [path = '', anchor] = decodeURI(link).split('#');
    const full = path === '' ? join(root, file) : resolve(root, dirname(file), path);
    if (relative(root, full).startsWith('..') || !existsSync(full)) {
      problems.push(`${file}: the link ${link} leads to no file`);
    } else if (anchor && full.endsWith('.md') && !anchorsOf(readFileSync(full, 'utf8')).has(anchor)) {
      problems.push(`${file}: the link ${link} leads to no heading`);
    }
  }
  return problems;
}

/** The anchors that GitHub gives to a document's headings, and those that it sets itself. */
function anchorsOf(markdown: string): Set<string> {
  const prose = withoutCode(markdown);
  const headings = headingsOf(markdown).map(({ anchor }) => anchor);
  const own = [...prose.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1] ?? '');
  return new Set([...headings, ...own]);
}
