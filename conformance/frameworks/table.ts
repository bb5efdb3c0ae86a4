import { readFileSync } from 'node:fs';
import type { App } from './app.ts';
import { sourceOf } from './install.ts';
import type { Outcome } from './outcome.ts';

const begin = '<!-- matrix -->';
const end = '<!-- /matrix -->';
const head = `| Framework | version | by | lines of glue | works | types |\n| --- | --- | --- | --- | --- | --- |`;

/** What came of one app: of the driver's cases and of its types, or why it could not be installed, built or served. */
export type Result =
  | { readonly cases: readonly Outcome[]; readonly types: Outcome }
  | { readonly failed: unknown };

/** The row of one app, whatever came of it. */
export function row(app: App, result: Result): string {
  const { title, framework, entryPoint, glue } = app;
  const { dependencies } = JSON.parse(readFileSync(sourceOf(app, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const lines = glue
    .flatMap((file) => readFileSync(sourceOf(app, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '').length;
  const cells = [title, dependencies[framework], `\`${entryPoint}\``, lines, ...verdicts(app, result)];
  return `| ${cells.join(' | ')} |`;
}

function verdicts({ failing }: App, result: Result): [works: string, types: string] {
  if ('failed' in result) return ['failed', 'not checked'];
  const { cases, types } = result;
  const held = cases.filter(({ error }) => error === undefined).length;
  const works = held === cases.length ? `all ${held}` : `${held} of ${cases.length}`;
  const outcome = failing === undefined ? 'hold' : `hold; those of ${failing} do not`;
  return [works, types.error === undefined ? outcome : 'fail'];
}

/** The page with these rows in its table, in place of those with the same titles. @param titles all there are, in their order */
export function withRows(page: string, rows: readonly string[], titles: readonly string[]): string {
  const [before = '', rest = ''] = page.split(begin);
  const [table = '', after = ''] = rest.split(end);
  const all = new Map([...table.split('\n'), ...rows].map((line) => [line.split('|')[1]?.trim(), line]));
  const lines = titles.flatMap((title) => all.get(title) ?? []);
  return `${before}${begin}\n${head}\n${lines.join('\n')}\n${end}${after}`;
}
