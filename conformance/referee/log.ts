import { readFileSync, writeFileSync } from 'node:fs';
import type { CookieReasons, EngineName } from './engines/engine.ts';
import type { Seen } from './walk.ts';

/** What was seen of one sequence. */
export interface Observation {
  readonly seen: Seen;
  /** By step; only Chromium says something. */
  readonly reasons?: Readonly<Record<number, CookieReasons>> | undefined;
}

/** What one engine did with every sequence. */
export interface WireLog {
  /** The browser's name and version. */
  readonly version: string;
  /** When the run began; milliseconds since 1970. */
  readonly at: number;
  /** By the sequence's id. */
  readonly observations: ReadonlyMap<string, Observation>;
}

const fileOf = (engine: EngineName) => new URL(`./logs/${engine}.jsonl`, import.meta.url);

/** One line for the run, and one for each sequence, in the order of their ids. A character that is repeated often is counted. */
export function writeLog(engine: EngineName, { version, at, observations }: WireLog): void {
  const rows = [...observations].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [{ version, at }, ...rows.map(([id, observation]) => [id, ...Object.values(observation)])];
  writeFileSync(fileOf(engine), lines.map((line) => `${shorten(JSON.stringify(line))}\n`).join(''));
}

export function readLog(engine: EngineName): WireLog {
  const [head = '', ...rows] = readFileSync(fileOf(engine), 'utf8').trimEnd().split('\n');
  const observations = rows.map((row): [string, Observation] => {
    const [id, seen, reasons] = JSON.parse(lengthen(row));
    return [id, { seen, reasons }];
  });
  return { ...JSON.parse(head), observations: new Map(observations) };
}

const shorten = (text: string) =>
  text.replaceAll(/([^\\"])\1{39,}/g, (run, character: string) => `«${character}${run.length}»`);

const lengthen = (text: string) =>
  text.replaceAll(/«(.)(\d+)»/g, (_, character: string, count: string) => character.repeat(Number(count)));
