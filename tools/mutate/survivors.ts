import type { Mutant } from './folders.ts';

export interface Survivor {
  /** The file, the line as it stands, and what became of a part of it: it stays the same when the line moves. */
  readonly id: string;
  readonly at: string;
}

/** How mutants are named. */
export function survivorsOf(mutants: readonly Mutant[], sourceOf: (file: string) => string): Survivor[] {
  return mutants.map(({ file, replacement, location: { start, end } }) => {
    const lines = sourceOf(file).split('\n');
    const original = lines
      .slice(start.line - 1, end.line)
      .map((line, n, all) =>
        line.slice(n === 0 ? start.column : 0, n === all.length - 1 ? end.column : undefined),
      )
      .join('\n');
    return {
      id: `${file}: ${short(original)} → ${short(replacement)} in ${(lines[start.line - 1] ?? '').trim()}`,
      at: `${file}:${start.line}:${start.column + 1}`,
    };
  });
}

const short = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
};
