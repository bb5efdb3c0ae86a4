import type { SessionPatch } from '../contract.ts';
import { slack } from './lua.ts';
import { baseLines, changeLines, fields, firstKeyOf } from './rows.ts';
import { numberFromLine, numberToLine } from './text.ts';
import { type Write, withWrite } from './writers.ts';

/** How long a session is used before it is put on its user's index again, in ms: a server that evicts may have lost it. */
export const indexEvery = 60_000;

/** A row as a patch leaves it. */
interface RewrittenRow {
  readonly row: string;
  /** Milliseconds until Redis may forget it. */
  readonly life: number;
  /** What the patch script replies with. */
  readonly reply: readonly string[];
}

const place = (name: (typeof fields)[number]) => fields.indexOf(name);
const [gen, seenAt, hash, nonce] = [place('gen'), place('seenAt'), place('hash'), place('nonce')];
const [idle, idleAt, absoluteAt] = [place('idle'), place('idleAt'), place('absoluteAt')];
const [userId, writers] = [place('userId'), place('writers')];

/**
 * What the patch script makes of this row, so that Redis has only to compare and to set. `undefined` where it takes the script to
 * say: at a login or a rotation, and where something stands against the patch.
 */
export function rewrittenRow(text: string, patch: SessionPatch, write: Write): RewrittenRow | undefined {
  const { now } = patch;
  if (patch.login !== undefined || patch.verifier !== undefined) return undefined;
  const row = text.split('\n');
  const firstKey = firstKeyOf(row);
  if (firstKey === undefined || row[gen] !== numberToLine(patch.gen)) return undefined;
  const at = (line: number) => numberFromLine(row[line] as string);
  if (Math.min(at(idleAt), at(absoluteAt)) <= now) return undefined;

  const written = withWrite(row[writers] as string, write, now);
  if (written === undefined) return undefined;

  const valueAt = new Map<string, number>();
  for (let key = firstKey; key < row.length; key += 2) valueAt.set(row[key] as string, key + 1);
  const base = pairsOf(baseLines(patch.base));
  if (!base.every(([key, value]) => (row[valueAt.get(key) ?? row.length] ?? '') === value)) return undefined;
  for (const [key, value] of pairsOf(changeLines(patch))) {
    const known = valueAt.get(key);
    if (known === undefined) row.push(key, value);
    else row[known] = value;
  }

  const unseen = now - at(seenAt) >= indexEvery;
  const later = (line: number, time: number) => {
    if (time > at(line)) row[line] = numberToLine(time);
  };
  if (!patch.quiet) {
    later(seenAt, now);
    later(idleAt, Math.min(now + at(idle), at(absoluteAt)));
  }
  row[writers] = written;

  const kept = row.slice(0, firstKey);
  for (let key = firstKey; key < row.length; key += 2)
    if (row[key + 1] !== '') kept.push(row[key] as string, row[key + 1] as string);
  const ends = Math.min(at(idleAt), at(absoluteAt));
  const answer = ['ok', row[hash], row[nonce], ...(unseen ? [row[userId], row[absoluteAt]] : [])];
  return {
    row: kept.join('\n'),
    life: Math.round(Math.max(ends - now, 0)) + slack,
    reply: answer as string[],
  };
}

/** Keys and values, in turn in lines. */
function pairsOf(text: string): [key: string, value: string][] {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => (index % 2 === 0 ? [[line, lines[index + 1] as string]] : [])) as [
    string,
    string,
  ][];
}
