import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from './app.ts';
import { folderOf } from './install.ts';
import type { Outcome } from './outcome.ts';

const begin = '<!-- matrix -->';
const end = '<!-- /matrix -->';
const head = `| Framework | version | by | lines of glue | works | types |\n| --- | --- | --- | --- | --- | --- |`;

/** The row of one app that was installed. */
export function row(app: App, outcomes: readonly Outcome[], types: Outcome): string {
  const { title, framework, entryPoint, glue, failing } = app;
  const folder = folderOf(app);
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const lines = glue
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '').length;
  const held = outcomes.filter(({ error }) => error === undefined).length;
  const works = held === outcomes.length ? `all ${held}` : `${held} of ${outcomes.length}`;
  const outcome = failing === undefined ? 'hold' : `hold; those of ${failing} do not`;
  const typed = types.error === undefined ? outcome : 'fail';
  return `| ${title} | ${dependencies[framework]} | \`${entryPoint}\` | ${lines} | ${works} | ${typed} |`;
}

/** The page with these rows in its table, in place of those with the same titles. @param titles all there are, in their order */
export function withRows(page: string, rows: readonly string[], titles: readonly string[]): string {
  const [before = '', rest = ''] = page.split(begin);
  const [table = '', after = ''] = rest.split(end);
  const all = new Map([...table.split('\n'), ...rows].map((line) => [line.split('|')[1]?.trim(), line]));
  const lines = titles.flatMap((title) => all.get(title) ?? []);
  return `${before}${begin}\n${head}\n${lines.join('\n')}\n${end}${after}`;
}
