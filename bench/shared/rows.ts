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

/** Every row with its goal as a Markdown table, and after it the name of each that misses. */
export function summary(all: readonly Row[]): string {
  const lines = all.map((row) => {
    const goal = `${row.atLeast ? '≥' : '≤'} ${row.goal}`;
    const cells = [row.what, row.input, row.beside, shown(row.measured), goal];
    return `| ${cells.join(' | ')} | ${isKept(row) ? 'kept' : '**missed**'} |`;
  });
  const missed = all.filter((row) => !isKept(row));
  const names = missed.map(
    (row) => `- ${row.what} (${row.input}; ${row.beside}): ${shown(row.measured)}, goal ${row.goal}`,
  );
  return [
    '| what | input | beside | measured | goal | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    missed.length === 0
      ? `All ${all.length} rows keep their goals.`
      : `${missed.length} of ${all.length} rows miss their goals:`,
    ...names,
  ].join('\n');
}

const shown = (measured: number): string => String(Number(measured.toPrecision(3)));
