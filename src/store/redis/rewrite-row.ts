import type { SessionPatch } from '../contract.ts';
import { slack } from './lua.ts';
import { baseData, changedData, fields, firstKeyOf } from './rows.ts';
import { numberFromLine, numberToLine } from './text.ts';
import { type Write, withWrite } from './writers.ts';

/** How long a session is used before it is put on its user's index again, in ms: a server that evicts may have lost it. */
export const indexEvery = 60_000;

/** A row as a patch leaves it. */
interface RewrittenRow {
  /** What stood before the data, with the line break behind it: the next write by anybody changes it. The whole row, where there was none. */
  readonly head: string;
  readonly hadData: boolean;
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
  const hadData = row.length > firstKey;
  const at = (line: number) => numberFromLine(row[line] as string);
  const [seen, absolute] = [at(seenAt), at(absoluteAt)];
  let ends = Math.min(at(idleAt), absolute);
  if (ends <= now) return undefined;

  const written = withWrite(row[writers] as string, write, now);
  if (written === undefined) return undefined;
  let headLength = firstKey;
  for (let line = 0; line < firstKey; line += 1) headLength += (row[line] as string).length;

  const valueAt = new Map<string, number>();
  for (let key = firstKey; key < row.length; key += 2) valueAt.set(row[key] as string, key + 1);
  for (const [key, value] of baseData(patch.base)) {
    if ((row[valueAt.get(key) ?? row.length] ?? '') !== value) return undefined;
  }
  let isShorter = false;
  for (const [key, value] of changedData(patch)) {
    isShorter ||= value === '';
    const known = valueAt.get(key);
    if (known === undefined) row.push(key, value);
    else row[known] = value;
  }

  if (!patch.quiet) {
    if (now > seen) row[seenAt] = numberToLine(now);
    const renewed = Math.min(now + at(idle), absolute);
    if (renewed > at(idleAt)) row[idleAt] = numberToLine(renewed);
    ends = Math.max(ends, renewed);
  }
  row[writers] = written;

  const answer = ['ok', row[hash], row[nonce]];
  if (now - seen >= indexEvery) answer.push(row[userId], row[absoluteAt]);
  return {
    head: text.slice(0, headLength),
    hadData,
    row: (isShorter ? withoutGone(row, firstKey) : row).join('\n'),
    life: Math.round(Math.max(ends - now, 0)) + slack,
    reply: answer as string[],
  };
}

/** The row without the keys whose values are gone. */
function withoutGone(row: readonly string[], firstKey: number): string[] {
  const kept = row.slice(0, firstKey);
  for (let key = firstKey; key < row.length; key += 2)
    if (row[key + 1] !== '') kept.push(row[key] as string, row[key + 1] as string);
  return kept;
}
