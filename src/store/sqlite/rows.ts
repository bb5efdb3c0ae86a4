import type { SessionRecord } from '../contract.ts';
import { externalIdsIn, externalIdsText } from '../index-names.ts';
import { setKey } from '../record.ts';
import { restored, storable } from '../storable.ts';
import type { SqliteValue } from './client.ts';

/** The columns of a session after its selector, in the order in which {@link toValues} and {@link toRecord} speak of them. */
export const columnNames: readonly string[] = [
  'revoked',
  'gen',
  'seen_at',
  'idle',
  'idle_at',
  'absolute_at',
  'created_at',
  'authenticated_at',
  'hash',
  'prev',
  'prev_until',
  'nonce',
  'user_id',
  'external_id',
  'remember',
  'device',
  'data',
];

export function toValues(record: SessionRecord): SqliteValue[] {
  return [
    0,
    record.gen,
    record.seenAt,
    record.idle,
    record.idleAt,
    record.absoluteAt,
    record.createdAt,
    record.authenticatedAt,
    record.hash,
    record.prev ?? null,
    record.prevUntil ?? null,
    record.nonce ?? null,
    column(record.userId),
    column(externalIdsText(record.externalIds)),
    record.remember ? 1 : 0,
    column(record.device),
    toText(record.data),
  ];
}

const column = (text: string | null | undefined): string | null => (text == null ? null : storable(text));
const text = (column: string | null): string | undefined => (column === null ? undefined : restored(column));

/** Keys and texts in turn, not an object: V8 mixes up keys with escapes (nodejs/node#63785). */
export function toText(data: SessionRecord['data']): string {
  return JSON.stringify(Object.entries(data).flat());
}

function fromText(text: string): Record<string, string> {
  const parts: string[] = JSON.parse(text);
  const data: Record<string, string> = {};
  for (let place = 0; place < parts.length; place += 2) {
    setKey(data, parts[place] as string, parts[place + 1] as string);
  }
  return data;
}

type Columns = [
  revoked: number,
  gen: number,
  seenAt: number,
  idle: number,
  idleAt: number,
  absoluteAt: number,
  createdAt: number,
  authenticatedAt: number | null,
  hash: string,
  prev: string | null,
  prevUntil: number | null,
  nonce: string | null,
  userId: string | null,
  externalIds: string | null,
  remember: number,
  device: string | null,
  data: string,
];

/** The record in a row, or `'revoked'` for a tombstone. */
export function toRecord(selector: string, row: SqliteValue[]): SessionRecord | 'revoked' {
  const [revoked, gen, seenAt, idle, idleAt, absoluteAt, createdAt, authenticatedAt, hash, ...rest] =
    row as Columns;
  if (revoked === 1) return 'revoked';
  const [prev, prevUntil, nonce, userId, externalIds, remember, device, data] = rest;
  return {
    selector,
    gen,
    hash,
    prev: prev ?? undefined,
    prevUntil: prevUntil ?? undefined,
    nonce: nonce ?? undefined,
    userId: text(userId) ?? null,
    externalIds: externalIdsIn(text(externalIds)),
    data: fromText(data),
    createdAt,
    authenticatedAt,
    seenAt,
    idle,
    idleAt,
    absoluteAt,
    remember: remember === 1,
    device: text(device),
  };
}

/** A member of an index, and whose the session is that stands there. */
export function toMember(row: SqliteValue[]): {
  selector: string;
  until: number;
  owner: Pick<SessionRecord, 'userId' | 'externalIds'>;
} {
  const [selector, until, userId, externalIds] = row as [string, number, string | null, string | null];
  const owner = { userId: text(userId) ?? null, externalIds: externalIdsIn(text(externalIds)) };
  return { selector, until, owner };
}
