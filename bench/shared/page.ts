/**
 * What docs/performance.md quotes of a run: each bench by the beginning of its heading, and from "Every row" the sentence about
 * the run (`run`) and what is behind (`behind`). On the page each stands between `<!-- bench NAME -->` and `<!-- /bench NAME -->`.
 */
const headings: Readonly<Record<string, string>> = {
  cookies: 'Cookie headers',
  bun: 'Cookies under Bun',
  jar: 'The jar',
  sealing: 'Sealing',
  tokens: 'Access tokens',
  imports: 'Starts',
  client: 'HTTP clients',
  http: 'Sessions on HTTP servers',
  servers: 'Servers',
  sqlite: 'The SQLite store',
  redis: 'Redis',
  stores: 'Writes over the network',
  growth: 'Growth',
  leaks: 'Secrets on redirects',
};

/** A page with what one run of every bench printed in the place of what an earlier one did. @throws Error for a page without the marks of a bench */
export function quoting(page: string, printed: string): string {
  const sections = printed
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const [heading = '', ...lines] = text.split('\n');
      return { heading, text: lines.join('\n').trim() };
    });
  const printedUnder = (start: string) => sections.find(({ heading }) => heading.startsWith(start))?.text;
  const every = printedUnder('Every row') ?? '';
  const [run = '', ...others] = every.split('\n\n');
  const behind = others.filter((block) => !block.startsWith('|')).join('\n\n');
  const quoted = Object.entries(headings).map(([name, heading]) => [name, printedUnder(heading)] as const);
  return [['run', run] as const, ['behind', behind] as const, ...quoted].reduce(
    (text, [name, block]) => between(text, name, block ?? 'Not measured in this run.'),
    page,
  );
}

/**
 * A page with what one long bench printed (`long NAME`), below the sentence about its run and above what misses. Nothing else of
 * the page changes: the long benches are run one by one, on days of their own, and {@link quoting} leaves them alone.
 * @throws Error for a page without the marks of that bench
 */
export function quotingLong(
  page: string,
  name: string,
  quoted: { printed: string; run: string; behind: string },
): string {
  const { printed, run, behind } = quoted;
  const table = printed.slice(printed.indexOf('## ')).split('\n').slice(1).join('\n').trim();
  return between(page, `long ${name}`, [run, table, behind].join('\n\n'));
}

function between(page: string, name: string, block: string): string {
  const [start, end] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no ${start} and ${end} after it.`);
  return `${page.slice(0, from + start.length)}\n\n${block}\n\n${page.slice(to)}`;
}
