import { readFileSync, writeFileSync } from 'node:fs';
import type { Mutant } from './folders.ts';

export interface Change {
  /** The file, the line as it stands, and what became of a part of it: it stays the same when the line moves. */
  readonly id: string;
  readonly at: string;
}

/** What a campaign over a folder found. */
export interface Campaign {
  /** The day, UTC. */
  readonly date: string;
  readonly commit: string;
  /** How many changes there are. */
  readonly changes: number;
  /** Of the sample; absent where every change was judged. */
  readonly seed?: number;
  /** How many were to be judged; absent where the campaign has ended. */
  readonly drawn?: number;
  readonly judged: number;
  readonly noticed: number;
  /** Those of the noticed that a test waited for in vain, by their names: the machine may have been slow. */
  readonly late: readonly string[];
  /** The others, by their names. */
  readonly missed: readonly string[];
}

/** Changes that no test notices, by the reason why none needs to. */
export interface Survivors {
  readonly campaigns: Readonly<Record<string, Campaign>>;
  readonly reasons: readonly { readonly why: string; readonly changes: readonly string[] }[];
}

const file = new URL('survivors.json', import.meta.url);

export function readSurvivors(): Survivors & { reasonOf(id: string): string | undefined } {
  const survivors = JSON.parse(readFileSync(file, 'utf8')) as Survivors;
  const reasons = new Map(survivors.reasons.flatMap(({ why, changes }) => changes.map((id) => [id, why])));
  return { ...survivors, reasonOf: (id) => reasons.get(id) };
}

export function writeCampaign(name: string, campaign: Campaign): void {
  const { campaigns, reasons } = readSurvivors();
  const text = JSON.stringify({ campaigns: { ...campaigns, [name]: campaign }, reasons }, null, 2);
  writeFileSync(file, `${text}\n`);
}

/** How mutants are named. */
export function changesOf(mutants: readonly Mutant[], sourceOf: (file: string) => string): Change[] {
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

/** Whether the code still has the line that a change is named by. */
export function stands(id: string, sourceOf: (file: string) => string): boolean {
  const lines = sourceOf(id.slice(0, id.indexOf(': '))).split('\n');
  return lines.some((line) => line.trim() !== '' && id.endsWith(` in ${line.trim()}`));
}

const short = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
};
