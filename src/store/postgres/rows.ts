import type { SessionRecord } from '../contract.ts';
import { externalIdsIn, externalIdsText } from '../index-names.ts';
import type { PostgresValue } from './client.ts';
import { fromJson, toJson } from './text.ts';

/** The columns of a session and their types, in the order in which {@link toValues} and {@link toRecord} speak of them. */
export const columnTypes = {
  selector: 'text',
  gen: 'integer',
  seen_at: 'bigint',
  idle: 'bigint',
  idle_at: 'bigint',
  absolute_at: 'bigint',
  created_at: 'bigint',
  authenticated_at: 'bigint',
  prev_until: 'bigint',
  remember: 'boolean',
  hash: 'text',
  prev: 'text',
  nonce: 'text',
  user_id: 'text',
  external_id: 'text',
  device: 'text',
  data: 'text',
} as const;

/** Values for a statement, `undefined` as NULL. */
export function orNull(values: readonly (PostgresValue | undefined)[]): PostgresValue[] {
  return values.map((value) => value ?? null);
}

export function toValues(record: SessionRecord): PostgresValue[] {
  return orNull([
    record.selector,
    record.gen,
    record.seenAt,
    record.idle,
    record.idleAt,
    record.absoluteAt,
    record.createdAt,
    record.authenticatedAt,
    record.prevUntil,
    record.remember,
    record.hash,
    record.prev,
    record.nonce,
    record.userId,
    externalIdsText(record.externalIds),
    record.device,
    toJson(record.data),
  ]);
}

type Instant = string | number | bigint;
type Columns = [
  selector: string,
  gen: number,
  seenAt: Instant,
  idle: Instant,
  idleAt: Instant,
  absoluteAt: Instant,
  createdAt: Instant,
  authenticatedAt: Instant | null,
  prevUntil: Instant | null,
  remember: boolean,
  hash: string,
  prev: string | null,
  nonce: string | null,
  userId: string | null,
  externalIds: string | null,
  device: string | null,
  data: string,
];

const dataPlace = Object.keys(columnTypes).indexOf('data');

/** The data in a row, as PostgreSQL has it. */
export const dataIn = (row: readonly PostgresValue[]): string => row[dataPlace] as string;

/** The record in a row. Instants are far below 2^53, so a number holds each of them exactly. */
export function toRecord(row: PostgresValue[]): SessionRecord {
  const [selector, gen, seenAt, idle, idleAt, absoluteAt, createdAt, authenticatedAt, prevUntil, ...rest] =
    row as Columns;
  const [remember, hash, prev, nonce, userId, externalIds, device, data] = rest;
  return {
    selector,
    gen: Number(gen),
    hash,
    prev: prev ?? undefined,
    prevUntil: prevUntil === null ? undefined : Number(prevUntil),
    nonce: nonce ?? undefined,
    userId,
    externalIds: externalIdsIn(externalIds),
    data: fromJson(data),
    createdAt: Number(createdAt),
    authenticatedAt: authenticatedAt === null ? null : Number(authenticatedAt),
    seenAt: Number(seenAt),
    idle: Number(idle),
    idleAt: Number(idleAt),
    absoluteAt: Number(absoluteAt),
    remember,
    device: device ?? undefined,
  };
}
