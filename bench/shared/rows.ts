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

/** True for a figure that is a ratio to another library's, or to what a runtime brings, where that one is ahead, as it is printed. */
export function isBehind({ measured, beside, atLeast = false }: Row): boolean {
  const printed = Number(measured.toPrecision(3));
  return /@\d| of Bun \d/.test(beside) && (atLeast ? printed < 1 : printed > 1);
}

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
    ...behind.map(name),
  ].join('\n');
}

const shown = (measured: number): string => String(Number(measured.toPrecision(3)));
