import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from './apps.ts';
import type { Outcome } from './run-app.ts';

const begin = '<!-- matrix -->';
const end = '<!-- /matrix -->';
const head = `| Framework | version | by | lines of glue | works |\n| --- | --- | --- | --- | --- |`;

/** The row of one app. @param folder where the app stands */
export function row(
  { title, framework, entryPoint, glue }: App,
  folder: string,
  outcomes: readonly Outcome[],
): string {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const lines = glue
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '').length;
  const held = outcomes.filter(({ error }) => error === undefined).length;
  const works = held === outcomes.length ? `all ${held}` : `${held} of ${outcomes.length}`;
  return `| ${title} | ${dependencies[framework]} | \`${entryPoint}\` | ${lines} | ${works} |`;
}

/** The page with these rows in its table, in place of those with the same titles. */
export function withRows(page: string, rows: readonly string[]): string {
  const [before = '', rest = ''] = page.split(begin);
  const [table = '', after = ''] = rest.split(end);
  const all = new Map<string, string>();
  for (const line of [...table.split('\n').filter((line) => /^\| (?!Framework|---)/.test(line)), ...rows]) {
    all.set(line.split('|')[1] ?? '', line);
  }
  return `${before}${begin}\n${head}\n${[...all.values()].join('\n')}\n${end}${after}`;
}
