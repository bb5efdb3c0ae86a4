/** What this reads of the report of a campaign (mutation-testing-report-schema). */
export interface Report {
  readonly files: Readonly<Record<string, MutatedFile>>;
}

interface MutatedFile {
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Survivor {
  /** The file, the line as it stands, and what became of a part of it: it stays the same when the line moves. */
  readonly id: string;
  readonly at: string;
}

/** The mutants that no test noticed. */
export function survivorsOf(report: Report): Survivor[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ replacement = '', location: { start, end } }) => {
        const lines = source.split('\n');
        const original = textBetween(lines, start, end);
        return {
          id: `${file}: ${short(original)} → ${short(replacement)} in ${(lines[start.line - 1] ?? '').trim()}`,
          at: `${file}:${start.line}:${start.column}`,
        };
      }),
  );
}

/** How many there were, and how many were noticed. */
export function countsOf(report: Report): { judged: number; noticed: number } {
  const all = Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const noticed = all.filter((status) => status === 'Killed' || status === 'Timeout').length;
  return {
    noticed,
    judged: noticed + all.filter((one) => one === 'Survived' || one === 'NoCoverage').length,
  };
}

function textBetween(lines: readonly string[], start: Place, end: Place): string {
  return lines
    .slice(start.line - 1, end.line)
    .map((line, n, all) =>
      line.slice(n === 0 ? start.column - 1 : 0, n === all.length - 1 ? end.column - 1 : undefined),
    )
    .join('\n');
}

const short = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
};
