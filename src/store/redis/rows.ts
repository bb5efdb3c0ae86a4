import { HallpassError } from '../../errors.ts';
import type { LoginSwap, SessionPatch, SessionRecord } from '../contract.ts';
import { externalIdsIn, externalIdsText } from '../index-names.ts';
import { setKey } from '../record.ts';
import { fromLine, numberFromLine, toLine, toLines, type Value } from './text.ts';

/**
 * What the first line of a row begins with: a session in the form below, or a tombstone, whose second line says until when, and the third which call ended it.
 * Behind a session's letter stands how many lines come before its data, so that a later version may add lines that this one
 * keeps and passes over; a form that this one must not touch has another letter.
 */
export const session = 's';
export const tombstone = 'x';

/** The lines of a session. After them come the keys of `data`, each with its value in the next line. */
export const fields = [
  'kind',
  'gen',
  'seenAt',
  // what a login replaces
  'hash',
  'idle',
  'idleAt',
  'absoluteAt',
  'authenticatedAt',
  'userId',
  'externalIds',
  'remember',
  'device',
  // what a rotation leaves behind
  'prev',
  'prevUntil',
  'nonce',
  'createdAt',
  // whose writes these were, so that one that is sent twice counts once
  'writers',
] as const;

/** The first line of the sessions that this version writes. */
const head = `${session}${fields.length}`;
const headSyntax = new RegExp(`^${session}(\\d+)$`);

type Authority = Omit<LoginSwap, 'to' | 'epoch' | 'userId' | 'authenticatedAt'> &
  Pick<SessionRecord, 'userId' | 'authenticatedAt'>;

function authority(hash: string, facts: Authority): Value[] {
  const { idle, idleAt, absoluteAt, authenticatedAt, userId, externalIds, remember, device } = facts;
  const ids = externalIdsText(externalIds);
  return [hash, idle, idleAt, absoluteAt, authenticatedAt, userId, ids, remember, device];
}

/** @param writers the line of those who have written it */
export function toRow(record: SessionRecord, writers?: string): string {
  const { gen, seenAt, hash, prev, prevUntil, nonce, createdAt, data } = record;
  const facts = [head, gen, seenAt, ...authority(hash, record), prev, prevUntil, nonce, createdAt];
  return toLines([...facts, writers, ...Object.entries(data).flat()]);
}

/** A login as the patch script takes it: the lines that it replaces. */
export function loginLines(login: LoginSwap | undefined): string {
  return login === undefined ? '' : toLines(authority(login.to, login));
}

/** A rotation as the patch script takes it. */
export function rotationLines(swap: SessionPatch['verifier']): string {
  return swap === undefined ? '' : toLines([swap.from, swap.to, swap.prevUntil, swap.nonce]);
}

/** A key of the data and its value, as lines; an empty one for what is not there. */
type DataLines = readonly [key: string, value: string];

/** The keys that a patch writes, each with its value; absent means delete. */
export function changedData({ set = {}, delete: deleted = [] }: SessionPatch): DataLines[] {
  const gone = deleted.filter((key) => !Object.hasOwn(set, key)).map((key): DataLines => [toLine(key), '']);
  return [...gone, ...Object.entries(set).map(([key, value]): DataLines => [toLine(key), toLine(value)])];
}

/** What a patch takes for granted. */
export function baseData(base: SessionPatch['base'] = {}): DataLines[] {
  return Object.entries(base).map(([key, value]) => [toLine(key), value === null ? '' : toLine(value)]);
}

/** These as a script takes them. */
export const dataText = (data: readonly DataLines[]): string => data.flat().join('\n');

/** The line in which the data begins; `undefined` for what is no session. */
export function firstKeyOf(lines: readonly string[]): number | undefined {
  const firstKey = Number(headSyntax.exec(lines[0] as string)?.[1]);
  return firstKey >= fields.length && lines.length >= firstKey ? firstKey : undefined;
}

/**
 * The record in a row, or `'revoked'` for a tombstone.
 * @throws HallpassError `store-unusable` when something else stands there.
 */
export function toRecord(selector: string, row: string): SessionRecord | 'revoked' {
  const lines = row.split('\n');
  const [kind, gen, seenAt, hash, idle, idleAt, absoluteAt, authenticatedAt, userId, ...rest] = lines;
  const [externalIds, remember, device, prev, prevUntil, nonce, createdAt] = rest;
  if (kind === tombstone) return 'revoked';
  const firstKey = firstKeyOf(lines);
  if (firstKey === undefined) {
    throw new HallpassError(
      'store-unusable',
      'A key of the session store in Redis holds something else: choose another prefix, or upgrade hallpass. Nothing was overwritten.',
    );
  }
  const data: Record<string, string> = {};
  for (let place = firstKey; place < lines.length; place += 2) {
    setKey(data, fromLine(lines[place] as string), fromLine(lines[place + 1] as string));
  }
  return {
    selector,
    gen: number(gen),
    hash: fromLine(hash as string),
    prev: textIn(prev),
    prevUntil: prevUntil ? number(prevUntil) : undefined,
    nonce: textIn(nonce),
    userId: textIn(userId) ?? null,
    externalIds: externalIdsIn(textIn(externalIds)),
    data,
    createdAt: number(createdAt),
    authenticatedAt: authenticatedAt ? number(authenticatedAt) : null,
    seenAt: number(seenAt),
    idle: number(idle),
    idleAt: number(idleAt),
    absoluteAt: number(absoluteAt),
    remember: remember === '1',
    device: textIn(device),
  };
}

const number = (line: string | undefined) => numberFromLine(line as string);

/** The string in a line, `undefined` for an empty one. */
export function textIn(line: string | undefined): string | undefined {
  return line ? fromLine(line) : undefined;
}
