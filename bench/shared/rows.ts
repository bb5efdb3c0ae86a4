/** One figure that has a goal. */
export interface Row {
  /** What is done, in a few words. */
  readonly what: string;
  /** What it is done to, in a word. */
  readonly input: string;
  /** What it is measured by: a peer with its version, a floor, or what the figure is, as `ms` or `B`. */
  readonly beside: string;
  readonly measured: number;
  readonly goal: number;
  /** Whether the goal is the most that it may be, or the least. Default: the most. */
  readonly atLeast?: boolean;
}

/** Every row of this process, in the order in which they were measured. */
export const rows: Row[] = [];

/** True for a figure that keeps its goal, as it is printed: to three figures. */
export function isKept({ measured, goal, atLeast = false }: Row): boolean {
  const printed = Number(measured.toPrecision(3));
  return atLeast ? printed >= goal : printed <= goal;
}

/** Notes a row for the summary: of this process, and of `npm run bench` where that has started it. @returns whether it keeps its goal */
export function record(row: Row): boolean {
  rows.push(row);
  process.send?.({ row });
  return isKept(row);
}

/** A figure's goal beside it, in prose; notes the row. */
export const goalNote = (row: Row): string => `(goal ${row.goal}${record(row) ? '' : ', missed'})`;

/** What a row may stand beside that is nobody's: a unit, ourselves in another situation, or the framework with nothing in it. */
const figures = new Set([
  'ms',
  'MB',
  'B',
  'µs',
  'µs a cookie',
  'calls',
  'graphs',
  'alone',
  'slowest / quickest',
  'own CPU µs more',
  "CPU of node:http's bare route, kept",
  'the bare framework',
  'ms of processor time, in all',
  'ms of processor time, beyond an empty process',
]);

/** True for a figure that is a ratio to somebody else's, where that one is ahead, as it is printed. Whoever is not one of {@link figures} is somebody. */
export function isBehind({ measured, beside, atLeast = false }: Row): boolean {
  const printed = Number(measured.toPrecision(3));
  return !figures.has(beside) && (atLeast ? printed < 1 : printed > 1);
}

/** Why a peer is ahead of a row: what the row is and stands beside (`what (beside)`), and the page of the decision. The first that fits. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^parse a Set-Cookie line/, '0041-a-long-line-is-looked-at-whole'],
  [/^(read one that is absent|read a cookie that is absent)/, '0052-what-a-check-more-costs'],
  [/^start: /, '0045-what-a-start-costs'],
  [/@hono\/node-server/, '0046-native-request-and-response'],
  [/^CPU that the pipeline adds/, '0049-what-a-plain-route-costs'],
  [/^(undici|default) transport/, '0047-what-a-call-over-undici-costs'],
  [/^(set, an update|a set |filled)/, '0052-what-a-check-more-costs'],
  [/^seal and open|LIMIT: JSON/, '0052-what-a-check-more-costs'],
  [/^writes a second/, '0043-what-comparing-costs'],
  [/^(longest pause of the garbage|memory of a session)/, '0052-what-a-check-more-costs'],
  [/^CPU that a session adds/, '0048-what-proving-a-session-costs'],
  [/^(store\.|`sessions\.open`|open, write a value)/, '0048-what-proving-a-session-costs'],
  [/^`tokens\.authenticate`/, '0052-what-a-check-more-costs'],
];

/** Every page that says why. */
export const explaining = reasons.map(([, page]) => page);

/** The page of the decision about a row in which a peer is ahead. @returns `undefined` where no page says why */
const reasonOf = ({ what, beside }: Row): string | undefined =>
  reasons.find(([of]) => of.test(`${what} (${beside})`))?.[1];

/** Every row with its goal as a Markdown table, and after it the name of each that misses, and of each in which a peer is ahead. */
export function summary(all: readonly Row[]): string {
  const lines = all.map((row) => {
    const goal = `${row.atLeast ? '≥' : '≤'} ${row.goal}`;
    const cells = [row.what, row.input, row.beside, shown(row.measured), goal];
    return `| ${cells.join(' | ')} | ${isKept(row) ? 'kept' : '**missed**'} |`;
  });
  return [
    '| what | input | beside | measured | goal | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    behindIn(all),
  ].join('\n');
}

/** The name of each row that misses its goal, and of each in which a peer is ahead. */
export function behindIn(all: readonly Row[]): string {
  if (all.length === 0) return 'Nothing was measured.';
  const missed = all.filter((row) => !isKept(row));
  const name = (row: Row) => `- ${row.what} (${row.input}; ${row.beside}): ${shown(row.measured)}`;
  const behind = all.filter(isBehind);
  return [
    missed.length === 0
      ? `All ${all.length} rows keep their goals.`
      : `${missed.length} of ${all.length} rows miss their goals:`,
    ...missed.map((row) => `${name(row)}, goal ${row.goal}`),
    '',
    behind.length === 0 ? 'A peer is ahead in no row.' : `A peer is ahead in ${behind.length}:`,
    ...behind.map((row) => `${name(row)}, ${why(reasonOf(row))}`),
  ].join('\n');
}

const why = (page: string | undefined): string =>
  page === undefined ? '**unexplained**' : `[${page.slice(0, 4)}](decisions/${page}.md)`;

const shown = (measured: number): string => String(Number(measured.toPrecision(3)));
